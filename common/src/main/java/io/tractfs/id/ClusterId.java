package io.tractfs.id;

import java.util.UUID;

/**
 * One cluster; drawn when it is formatted. Immutable.
 *
 * @param value the 128 bits
 */
public record ClusterId(UUID value) implements Comparable<ClusterId> {
    /**
     * Reads the usual text form of a UUID.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static ClusterId parse(String text) {
        return new ClusterId(UUID.fromString(text));
    }

    @Override
    public int compareTo(ClusterId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
