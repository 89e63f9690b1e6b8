package io.tractfs.id;

/**
 * The number of one leadership of the metadata server: committed, granted by more than half of the stores, never
 * repeated (P12). Zero means "none yet". Immutable.
 *
 * @param value 0 to {@link BlobId#MAX_EPOCH}
 */
public record Epoch(int value) implements Comparable<Epoch> {
    /** Before the first leadership. */
    public static final Epoch NONE = new Epoch(0);

    /** Checks the range. */
    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("Epoch is at least 0, not " + value);
        }
    }

    @Override
    public int compareTo(Epoch other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
