package io.tractfs.client.local;

/**
 * How files of stores on this host are read. Immutable.
 *
 * @param enabled whether at all
 * @param openFiles most tract files that one client keeps open
 * @param idleMs after which a file that is not read is closed, so that the space of deleted files comes free
 * @param askMs how long a store may take to say where a tract is, before the range is read through a store
 */
public record LocalConfig(boolean enabled, int openFiles, long idleMs, long askMs) {}
