package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute path that was checked. Immutable.
 *
 * @param names components; none for the root
 */
record NamespacePath(List<String> names) {
    /** Longest path, in characters, as in HDFS. */
    static final int MAX_LENGTH = 8000;

    /** Most components, as in HDFS. */
    static final int MAX_DEPTH = 1000;

    /** Entry of the root below which inodes are named by number, and nothing can be made. */
    static final String RESERVED = ".reserved";

    /** Entry of {@link #RESERVED} below which an inode is named by its number. */
    static final String INODES = ".inodes";

    /** Entry of {@link #RESERVED} that shows HDFS's encrypted bytes; refused here. */
    static final String RAW = "raw";

    private static final String SNAPSHOT = ".snapshot";

    /** Copies the list. */
    NamespacePath {
        names = List.copyOf(names);
    }

    /** Checks and takes a path apart; it has to be normalised. */
    static NamespacePath parse(String text) throws Refusal {
        if (text.length() > MAX_LENGTH) {
            throw tooLong(text.length() + " characters");
        }
        if (!text.startsWith("/")) {
            throw invalid(text, "a path begins with /");
        }
        List<String> names = new ArrayList<>();
        int start = 1;
        while (start < text.length()) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            names.add(checked(text, text.substring(start, end)));
            start = end + 1;
        }
        if (text.length() > 1 && text.endsWith("/")) {
            throw invalid(text, "a path does not end with /");
        }
        if (names.size() > MAX_DEPTH) {
            throw tooLong(names.size() + " levels");
        }
        return new NamespacePath(names);
    }

    private static String checked(String path, String name) throws Refusal {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
            throw invalid(path, "'" + name + "' is not a name");
        }
        return name;
    }

    private static Refusal invalid(String path, String why) {
        return new Refusal(ErrorCode.INVALID_PATH, "Invalid path name " + path + ": " + why);
    }

    private static Refusal tooLong(String size) {
        return new Refusal(
                ErrorCode.PATH_TOO_LONG,
                "Pathname too long: " + size + ".  Limit " + MAX_LENGTH + " characters, " + MAX_DEPTH + " levels.");
    }

    /** Refuses paths on which nothing can be made: reserved ones, and ones that are too long or too deep. */
    void requireCreatable() throws Refusal {
        if (isReserved()) {
            throw new Refusal(ErrorCode.INVALID_PATH, "\"/" + RESERVED + "\" is a reserved name: " + this);
        }
        if (toString().length() > MAX_LENGTH || names.size() > MAX_DEPTH) {
            throw tooLong(toString().length() + " characters, " + names.size() + " levels");
        }
    }

    /** Refuses names that may not be made: reserved ones and ones that are too long. As in HDFS, this is asked last. */
    void requireCreatableNames(NamespaceLimits limits) throws Refusal {
        for (String name : names) {
            if (name.equals(SNAPSHOT)) {
                throw new Refusal(ErrorCode.INVALID_PATH, "\"" + SNAPSHOT + "\" is a reserved name: " + this);
            }
        }
        for (int depth = 0; depth < names.size(); depth++) {
            requireShort(depth, limits.nameBytes());
        }
    }

    private void requireShort(int depth, int most) throws Refusal {
        String name = names.get(depth);
        if (name.length() * 3L > most && name.getBytes(StandardCharsets.UTF_8).length > most) {
            throw new Refusal(
                    ErrorCode.NAME_TOO_LONG,
                    "The maximum path component name limit of " + name + " in directory " + prefix(depth)
                            + " is exceeded: limit=" + most + " length="
                            + name.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    /** Whether it is {@code /.reserved} or below. */
    boolean isReserved() {
        return !names.isEmpty() && names.get(0).equals(RESERVED);
    }

    /** Whether it is the root. */
    boolean isRoot() {
        return names.isEmpty();
    }

    /** The last component; empty for the root. */
    String name() {
        return isRoot() ? "" : names.get(names.size() - 1);
    }

    /** The path of an entry below this one. */
    NamespacePath child(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new NamespacePath(longer);
    }

    /** The path without its last component; the root's is the root. */
    NamespacePath parent() {
        return prefix(Math.max(0, names.size() - 1));
    }

    /** The first components. */
    NamespacePath prefix(int count) {
        return new NamespacePath(names.subList(0, count));
    }

    /** Whether this path is below another one. */
    boolean isBelow(NamespacePath other) {
        return names.size() > other.names.size()
                && names.subList(0, other.names.size()).equals(other.names);
    }

    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
