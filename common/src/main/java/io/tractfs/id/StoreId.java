package io.tractfs.id;

import java.util.UUID;

/**
 * One data directory of a tract server; written into its superblock when it is formatted. Immutable.
 *
 * @param value the 128 bits
 */
public record StoreId(UUID value) implements Comparable<StoreId> {
    /**
     * Reads the usual text form of a UUID.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static StoreId parse(String text) {
        return new StoreId(UUID.fromString(text));
    }

    @Override
    public int compareTo(StoreId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
