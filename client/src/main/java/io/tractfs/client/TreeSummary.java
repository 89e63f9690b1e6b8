package io.tractfs.client;

/**
 * Sum of a tree. Immutable.
 *
 * @param length bytes of all files
 * @param fileCount files
 * @param directoryCount directories, the tree's root included
 * @param spaceConsumed bytes times replication
 */
public record TreeSummary(long length, long fileCount, long directoryCount, long spaceConsumed) {}
