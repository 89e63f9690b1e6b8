package io.tractfs.metadata.permission;

/**
 * A combination of rights. Immutable.
 *
 * @param bits 4 read, 2 write, 1 execute
 */
public record Access(int bits) {
    /** Nothing is asked. */
    public static final Access NONE = new Access(0);

    /** Execute: to pass through a directory. */
    public static final Access EXECUTE = new Access(1);

    /** Write. */
    public static final Access WRITE = new Access(2);

    /** Read. */
    public static final Access READ = new Access(4);

    /** Read and execute: to list a directory. */
    public static final Access READ_EXECUTE = new Access(5);

    /** Everything. */
    public static final Access ALL = new Access(7);

    private static final String[] NAMES = {
        "NONE", "EXECUTE", "WRITE", "WRITE_EXECUTE", "READ", "READ_EXECUTE", "READ_WRITE", "ALL"
    };

    /** Checks the range. */
    public Access {
        if (bits < 0 || bits > 7) {
            throw new IllegalArgumentException("Access is 0 to 7, not " + bits);
        }
    }

    /** Whether rights include these. */
    public boolean isIn(int rights) {
        return (rights & bits) == bits;
    }

    /** As HDFS names it in messages. */
    @Override
    public String toString() {
        return NAMES[bits];
    }
}
