package io.tractfs.client.write;

/**
 * How streams write. Immutable.
 *
 * @param packetBytes most bytes of one write request
 * @param bufferBytes bytes of one stream that may be unacknowledged; {@code write} waits past it
 * @param windowTracts tracts that a stream may have in flight (P18); 0 for the server's default
 * @param syncOnClose whether close waits for the disks unless its options say so themselves
 * @param frozenPatienceMs how long a frozen class is waited for before the stream goes round it (P3)
 * @param unavailablePatienceMs the same for a row that has no members
 */
public record WriteConfig(
        int packetBytes,
        int bufferBytes,
        int windowTracts,
        boolean syncOnClose,
        long frozenPatienceMs,
        long unavailablePatienceMs) {}
