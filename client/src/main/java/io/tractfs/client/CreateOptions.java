package io.tractfs.client;

/**
 * How a file is created. Immutable.
 *
 * @param permission bits 01777, umask already applied
 * @param overwrite whether an existing file is replaced
 * @param createParent whether missing parents are made, with the permission of the one that is there
 * @param mustExist whether there has to be a file, which is then replaced
 * @param replication copies; 0 for the server's default
 * @param blockSize logical block size in bytes; 0 for the server's default
 * @param syncOnClose whether close waits for the disks
 */
public record CreateOptions(
        int permission,
        boolean overwrite,
        boolean createParent,
        boolean mustExist,
        int replication,
        long blockSize,
        boolean syncOnClose) {}
