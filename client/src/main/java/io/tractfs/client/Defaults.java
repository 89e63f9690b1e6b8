package io.tractfs.client;

import io.tractfs.id.ClusterId;

/**
 * What the server applies where a client names nothing. Immutable.
 *
 * @param cluster the cluster
 * @param blockSize logical block size in bytes
 * @param tractSize bytes of a tract
 * @param replication copies
 * @param trashIntervalMinutes minutes after which trash is emptied; 0 is off
 * @param bytesPerChecksum bytes that one checksum covers
 * @param supergroup group of the superusers
 */
public record Defaults(
        ClusterId cluster,
        long blockSize,
        int tractSize,
        int replication,
        long trashIntervalMinutes,
        int bytesPerChecksum,
        String supergroup) {}
