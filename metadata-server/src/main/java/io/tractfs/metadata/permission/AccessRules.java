package io.tractfs.metadata.permission;

import java.util.Locale;

/**
 * Decides access as HDFS does: a superuser may do everything; else the owner's bits count for the owner, the group's for
 * members of the group, the others' for the rest, and in a sticky directory only the owner of an entry or of the directory
 * may take the entry away. Immutable.
 */
public final class AccessRules {
    /** All permission bits that are kept. */
    public static final int PERMISSION_MASK = 01777;

    private static final int STICKY = 01000;

    private AccessRules() {}

    /** Whether the requester has the rights on a file or directory. */
    public static boolean allows(Requester requester, Attributes attributes, Access access) {
        if (requester.superuser()) {
            return true;
        }
        int mode = attributes.permission();
        if (requester.user().equals(attributes.owner())) {
            return access.isIn(mode >> 6);
        }
        if (requester.isIn(attributes.group())) {
            return access.isIn(mode >> 3);
        }
        return access.isIn(mode);
    }

    /** Whether the requester may remove or replace an entry of a directory as far as the sticky bit goes. */
    public static boolean allowsRemoval(Requester requester, Attributes parent, Attributes entry) {
        return requester.superuser()
                || !isSticky(parent)
                || requester.user().equals(parent.owner())
                || requester.user().equals(entry.owner());
    }

    /** Whether a directory lets only owners take entries away. */
    public static boolean isSticky(Attributes directory) {
        return (directory.permission() & STICKY) != 0;
    }

    /** Whether the requester counts as owner. */
    public static boolean isOwner(Requester requester, Attributes attributes) {
        return requester.superuser() || requester.user().equals(attributes.owner());
    }

    /** HDFS's words for a refusal. */
    public static String denial(
            Requester requester, Access access, String path, Attributes attributes, boolean directory) {
        return "Permission denied: user=" + requester.user() + ", access=" + access + ", inode="
                + describe(path, attributes, directory);
    }

    /** HDFS's words for a refusal by the sticky bit. */
    public static String stickyDenial(
            Requester requester,
            String path,
            Attributes entry,
            boolean directory,
            String parentPath,
            Attributes parent) {
        return "Permission denied by sticky bit: user=" + requester.user() + ", path="
                + describe(path, entry, directory) + ", parent=" + describe(parentPath, parent, true);
    }

    /** Path, owner, group and mode as HDFS shows them. */
    private static String describe(String path, Attributes attributes, boolean directory) {
        return String.format(
                Locale.ROOT,
                "\"%s\":%s:%s:%s%s",
                path,
                attributes.owner(),
                attributes.group(),
                directory ? "d" : "-",
                attributes.symbols());
    }
}
