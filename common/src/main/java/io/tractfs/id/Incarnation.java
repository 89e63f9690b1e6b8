package io.tractfs.id;

/**
 * One start of a store: raised durably at each start, in the superblock and in the register (P6). Immutable.
 *
 * @param value at least 1 once the store has started; 0 before
 */
public record Incarnation(long value) implements Comparable<Incarnation> {
    /** The least value. */
    public static final Incarnation NONE = new Incarnation(0);

    /** Checks the range. */
    public Incarnation {
        if (value < 0) {
            throw new IllegalArgumentException("Incarnation is at least 0, not " + value);
        }
    }

    /**
     * The one of a start after this: the time, or the next number if that is not larger. An old copy of a disk, whatever
     * its age, so starts above all starts that it does not know of, and is told what it lacks instead of being refused (P7).
     *
     * @param wallMs the time of the start
     */
    public Incarnation following(long wallMs) {
        return new Incarnation(Math.max(next().value, wallMs));
    }

    /** The following one. */
    public Incarnation next() {
        return new Incarnation(Math.addExact(value, 1));
    }

    @Override
    public int compareTo(Incarnation other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
