package io.tractfs.client;

/**
 * Space of the cluster in bytes. Immutable.
 *
 * @param capacity of all stores
 * @param used by tracts
 * @param remaining still to be written
 */
public record Space(long capacity, long used, long remaining) {}
