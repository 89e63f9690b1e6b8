package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;

/** The number of rows N, which a store hears when it first registers and which never changes after. Thread-safe. */
final class RowCount {
    private volatile int count;

    /** 0 if it has not been heard. */
    RowCount(int count) {
        this.count = count;
    }

    /** Takes over what the cluster says. */
    void adopt(int rows) {
        count = rows;
    }

    int countOrZero() {
        return count;
    }

    int count() throws TractException {
        int rows = count;
        if (rows == 0) {
            throw new TractException(ErrorCode.STARTING, "the store has not heard the number of rows yet");
        }
        return rows;
    }

    /** Refuses a tract that is not of the row that the caller names. */
    void check(TractId tract, int row) throws TractException {
        int computed = RowHash.rowOf(tract, count());
        if (computed != row) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT, "tract " + tract + " is of row " + computed + ", not " + row);
        }
    }
}
