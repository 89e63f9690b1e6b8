package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;

/**
 * The number of rows, once the metadata server has told it. Thread-safe.
 */
final class Layout {
    private volatile int rows;

    /** Takes the number of rows N. */
    void adopt(int rowCount) {
        rows = rowCount;
    }

    /** The number of rows N, or 0 while it is unknown. */
    int rows() {
        return rows;
    }

    /**
     * Checks that a caller computed the same row for a tract.
     *
     * @throws TractException STARTING while the number of rows is unknown, INVALID_ARGUMENT if the row is another
     */
    void check(TractId tract, int row) throws TractException {
        int count = rows;
        if (count == 0) {
            throw new TractException(
                    ErrorCode.STARTING, "this server has not registered with a metadata server since it started");
        }
        int expected = RowHash.rowOf(tract, count);
        if (row != expected) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tract " + tract + " is in row " + expected + " of " + count + ", not in row " + row);
        }
    }
}
