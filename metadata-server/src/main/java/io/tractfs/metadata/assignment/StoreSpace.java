package io.tractfs.metadata.assignment;

/**
 * Space of one store. Immutable.
 *
 * @param capacityBytes of the disk
 * @param usedBytes that tracts take
 * @param freeBytes that tracts may still take
 * @param tractCount tracts
 */
public record StoreSpace(long capacityBytes, long usedBytes, long freeBytes, long tractCount) {
    /** Nothing known. */
    public static final StoreSpace NONE = new StoreSpace(0, 0, 0, 0);
}
