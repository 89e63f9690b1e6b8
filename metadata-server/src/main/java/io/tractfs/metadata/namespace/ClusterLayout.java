package io.tractfs.metadata.namespace;

import io.tractfs.id.ClusterId;

/**
 * What was fixed when the cluster was formatted. Immutable.
 *
 * @param cluster its id
 * @param rows N, a power of two
 * @param columns k
 * @param defaults what applies where a client names nothing
 * @param supergroup group of the first directories
 */
public record ClusterLayout(ClusterId cluster, int rows, int columns, FileDefaults defaults, String supergroup) {
    /** Largest number of columns. */
    public static final int MAX_COLUMNS = 8;

    /** Largest number of rows. */
    public static final int MAX_ROWS = 1 << 22;

    /** Checks the ranges. */
    public ClusterLayout {
        if (rows < 1 || rows > MAX_ROWS || Integer.bitCount(rows) != 1) {
            throw new IllegalArgumentException("Rows are a power of two up to " + MAX_ROWS + ", not " + rows);
        }
        if (columns < 1 || columns > MAX_COLUMNS) {
            throw new IllegalArgumentException("Columns are 1 to " + MAX_COLUMNS + ", not " + columns);
        }
    }
}
