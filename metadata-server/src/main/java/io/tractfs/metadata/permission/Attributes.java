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
    private static final int STICKY = 01000;

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

    /** The permission as {@code rwxr-x--t}. */
    public String symbols() {
        String letters = "rwxrwxrwx";
        StringBuilder text = new StringBuilder(letters.length());
        for (int i = 0; i < letters.length(); i++) {
            text.append((permission & (0400 >> i)) != 0 ? letters.charAt(i) : '-');
        }
        if ((permission & STICKY) != 0) {
            text.setCharAt(letters.length() - 1, (permission & 1) != 0 ? 't' : 'T');
        }
        return text.toString();
    }
}
