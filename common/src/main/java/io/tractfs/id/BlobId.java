package io.tractfs.id;

/**
 * Names a run of tracts and is never given out twice: the epoch of the leadership that drew it is in its upper 24 bits,
 * a counter in the lower 40 (P31). Immutable.
 *
 * @param value the 64 bits, compared as an unsigned number
 */
public record BlobId(long value) implements Comparable<BlobId> {
    /** Bits of the counter below the epoch. */
    public static final int COUNTER_BITS = 40;

    /** Largest epoch that fits above the counter. */
    public static final int MAX_EPOCH = (1 << (Long.SIZE - COUNTER_BITS)) - 1;

    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;

    /**
     * Puts an id together.
     *
     * @throws IllegalArgumentException if either part does not fit
     */
    public static BlobId of(Epoch epoch, long counter) {
        if (epoch.value() > MAX_EPOCH || counter < 0 || counter > COUNTER_MASK) {
            throw new IllegalArgumentException("Blob id out of range: epoch " + epoch.value() + " (at most " + MAX_EPOCH
                    + "), counter " + counter);
        }
        return new BlobId(((long) epoch.value() << COUNTER_BITS) | counter);
    }

    /** The epoch that drew this id. */
    public Epoch epoch() {
        return new Epoch((int) (value >>> COUNTER_BITS));
    }

    /** The number of this id within its epoch. */
    public long counter() {
        return value & COUNTER_MASK;
    }

    @Override
    public int compareTo(BlobId other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** Sixteen hexadecimal digits, as in file names and messages. */
    @Override
    public String toString() {
        String hex = Long.toHexString(value);
        return "0".repeat(16 - hex.length()) + hex;
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if the text is not 16 hexadecimal digits
     */
    public static BlobId parse(String text) {
        if (text.length() != 16) {
            throw new IllegalArgumentException("Blob id has 16 hexadecimal digits, not '" + text + "'");
        }
        return new BlobId(Long.parseUnsignedLong(text, 16));
    }
}
