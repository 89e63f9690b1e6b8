package io.tractfs.table;

/**
 * A set of replication classes, as bits: bit {@code r-1} is class r, the tracts of replication r of a row. A member's
 * state is the set of classes it holds whole (P1). Immutable.
 *
 * @param bits bit r-1 set means class r is in the set; at most {@link #MAX_COLUMNS} bits
 */
public record ClassSet(int bits) {
    /** Most columns a row can have, hence the highest class. */
    public static final int MAX_COLUMNS = 8;

    /** Holds nothing. */
    public static final ClassSet EMPTY = new ClassSet(0);

    /** Checks the range. */
    public ClassSet {
        if (bits < 0 || bits >= 1 << MAX_COLUMNS) {
            throw new IllegalArgumentException(
                    "Class set has " + MAX_COLUMNS + " bits, not " + Integer.toHexString(bits));
        }
    }

    /**
     * All classes that belong to a column: class r lives on columns 0 to r-1, so column c carries classes c+1 to k.
     *
     * @param column 0 to columns-1
     * @param columns the number of columns k
     */
    public static ClassSet ofColumn(int column, int columns) {
        return new ClassSet(((1 << columns) - 1) & ~((1 << column) - 1));
    }

    /** Whether class r is in the set. */
    public boolean contains(int replicationClass) {
        return (bits & (1 << (replicationClass - 1))) != 0;
    }

    /** Whether every class of the other set is in this one. */
    public boolean containsAll(ClassSet other) {
        return (bits & other.bits) == other.bits;
    }

    /** The union. */
    public ClassSet plus(ClassSet other) {
        return new ClassSet(bits | other.bits);
    }

    /** What is in both. */
    public ClassSet intersect(ClassSet other) {
        return new ClassSet(bits & other.bits);
    }

    /** What is in this and not in the other. */
    public ClassSet minus(ClassSet other) {
        return new ClassSet(bits & ~other.bits);
    }

    /** Whether no class is in the set. */
    public boolean isEmpty() {
        return bits == 0;
    }
}
