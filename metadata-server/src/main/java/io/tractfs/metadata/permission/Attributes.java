package io.tractfs.metadata.permission;

/**
 * What files and directories have alike. Immutable.
 *
 * @param permission bits 01777
 * @param owner user
 * @param group group
 * @param modificationMs ms since 1970
 * @param accessMs ms since 1970
 */
public record Attributes(int permission, String owner, String group, long modificationMs, long accessMs) {
    /** The same with other permission bits. */
    public Attributes withPermission(int bits) {
        return new Attributes(bits, owner, group, modificationMs, accessMs);
    }

    /** The same with another owner and group. */
    public Attributes withOwner(String newOwner, String newGroup) {
        return new Attributes(permission, newOwner, newGroup, modificationMs, accessMs);
    }

    /** The same with other times. */
    public Attributes withTimes(long newModificationMs, long newAccessMs) {
        return new Attributes(permission, owner, group, newModificationMs, newAccessMs);
    }

    /** The same, modified at a time. */
    public Attributes modifiedAt(long timeMs) {
        return new Attributes(permission, owner, group, timeMs, accessMs);
    }
}
