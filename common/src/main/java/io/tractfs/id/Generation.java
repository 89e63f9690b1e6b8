package io.tractfs.id;

/**
 * The writer's fencing number on a file: raised whenever the writer changes. Immutable.
 *
 * @param value at least 0
 */
public record Generation(long value) implements Comparable<Generation> {
    /** The least value. */
    public static final Generation ZERO = new Generation(0);

    /** Checks the range. */
    public Generation {
        if (value < 0) {
            throw new IllegalArgumentException("Generation is at least 0, not " + value);
        }
    }

    /** The following one. */
    public Generation next() {
        return new Generation(Math.addExact(value, 1));
    }

    @Override
    public int compareTo(Generation other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
