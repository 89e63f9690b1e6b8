package io.tractfs.id;

import java.util.UUID;

/**
 * One client session; holds leases and is the first half of a call's name in the retry cache. Immutable.
 *
 * @param value the 128 bits
 */
public record ClientId(UUID value) implements Comparable<ClientId> {
    /**
     * Reads the usual text form of a UUID.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static ClientId parse(String text) {
        return new ClientId(UUID.fromString(text));
    }

    @Override
    public int compareTo(ClientId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
