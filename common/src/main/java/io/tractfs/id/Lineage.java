package io.tractfs.id;

import java.util.UUID;

/**
 * Drawn at random by each leadership; tells apart two histories that use the same epoch number (P12, P29). Immutable.
 *
 * @param value the 128 bits
 */
public record Lineage(UUID value) implements Comparable<Lineage> {
    /**
     * Reads the usual text form of a UUID.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static Lineage parse(String text) {
        return new Lineage(UUID.fromString(text));
    }

    @Override
    public int compareTo(Lineage other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
