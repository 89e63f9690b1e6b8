package io.tractfs.id;

/**
 * The version of a row's membership: epoch in the upper 32 bits, counter in the lower 32, compared as one unsigned
 * number. At most one membership exists per row and version, for ever (I2). Immutable.
 *
 * @param value the 64 bits
 */
public record RowVersion(long value) implements Comparable<RowVersion> {
    /** Older than every published version: the row has never had a membership. */
    public static final RowVersion NONE = new RowVersion(0);

    /** Puts a version together. */
    public static RowVersion of(Epoch epoch, int counter) {
        return new RowVersion(((long) epoch.value() << 32) | (counter & 0xFFFF_FFFFL));
    }

    /** The leadership that made the plan. */
    public Epoch epoch() {
        return new Epoch((int) (value >>> 32));
    }

    /** The number of the plan within its epoch. */
    public int counter() {
        return (int) value;
    }

    /** Whether this version is newer than the other. */
    public boolean isAfter(RowVersion other) {
        return compareTo(other) > 0;
    }

    /** Whether this version is older than the other. */
    public boolean isBefore(RowVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(RowVersion other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** Epoch and counter as {@code 3.17}. */
    @Override
    public String toString() {
        return epoch() + "." + Integer.toUnsignedString(counter());
    }
}
