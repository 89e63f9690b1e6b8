package io.tractfs.metadata.namespace;

/**
 * What applies to a new file where the client names nothing. Immutable.
 *
 * @param tractSize bytes, a power of two from 64 KiB to 64 MiB
 * @param replication at least 1
 * @param blockSize logical block size in bytes
 * @param window tracts that a writer may have in flight (P18)
 */
public record FileDefaults(int tractSize, int replication, long blockSize, int window) {
    /** Smallest tract. */
    public static final int MIN_TRACT_SIZE = 64 << 10;

    /** Largest tract. */
    public static final int MAX_TRACT_SIZE = 64 << 20;

    /** Largest replication that a user may ask for. */
    public static final int MAX_REPLICATION = 512;

    /** Largest window. */
    public static final int MAX_WINDOW = 64;

    /** Checks the ranges. */
    public FileDefaults {
        if (!isTractSize(tractSize)) {
            throw new IllegalArgumentException("Not a tract size: " + tractSize);
        }
        if (replication < 1 || replication > MAX_REPLICATION || blockSize < 1 || window < 1 || window > MAX_WINDOW) {
            throw new IllegalArgumentException(
                    "Out of range: replication " + replication + ", block size " + blockSize + ", window " + window);
        }
    }

    /** Whether a number is a power of two within the range. */
    public static boolean isTractSize(long bytes) {
        return bytes >= MIN_TRACT_SIZE && bytes <= MAX_TRACT_SIZE && Long.bitCount(bytes) == 1;
    }
}
