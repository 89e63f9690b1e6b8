package io.tractfs.hadoop;

import io.tractfs.client.TreeSummary;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import org.jspecify.annotations.Nullable;

/** The names of {@link InMemoryTractFsClient}, by HDFS's rules. Confined to its client's lock. */
final class InMemoryTree {
    private static final String INODES = "/.reserved/.inodes/";
    private long clock = 1_700_000_000_000L;
    private long lastId = 1;
    private final InMemoryNode root;

    InMemoryTree(String user) {
        root = new InMemoryNode(1, true, 0755, user, clock);
    }

    long now() {
        return ++clock;
    }

    InMemoryNode newNode(boolean directory, int permission, String owner) {
        return new InMemoryNode(++lastId, directory, permission, owner, now());
    }

    @Nullable
    InMemoryNode find(String path) {
        if (path.startsWith(INODES)) {
            return withId(root, Long.parseLong(path.substring(INODES.length())));
        }
        InMemoryNode node = root;
        for (String component : components(path)) {
            node = node == null ? null : node.children.get(component);
        }
        return node;
    }

    private static @Nullable InMemoryNode withId(InMemoryNode top, long id) {
        InMemoryNode found = top.id == id ? top : null;
        for (InMemoryNode child : top.children.values()) {
            found = found == null ? withId(child, id) : found;
        }
        return found;
    }

    InMemoryNode get(String path) throws TractException {
        InMemoryNode node = find(path);
        if (node == null) {
            throw new TractException(ErrorCode.NOT_FOUND, "File does not exist: " + path);
        }
        return node;
    }

    InMemoryNode file(String path) throws TractException {
        InMemoryNode node = get(path);
        if (node.directory) {
            throw new TractException(ErrorCode.IS_A_DIRECTORY, "Path is not a file: " + path);
        }
        return node;
    }

    /** The directory that holds a path; makes what is missing if asked to. */
    InMemoryNode parent(String path, boolean create, int permission, String owner) throws TractException {
        InMemoryNode node = root;
        String[] components = components(path);
        for (int i = 0; i < components.length - 1; i++) {
            InMemoryNode next = node.children.get(components[i]);
            if (next == null) {
                if (!create) {
                    throw new TractException(ErrorCode.PARENT_NOT_FOUND, "Parent directory doesn't exist: " + path);
                }
                next = newNode(true, permission | 0300, owner);
                node.children.put(components[i], next);
            }
            if (!next.directory) {
                throw new TractException(ErrorCode.PARENT_NOT_DIRECTORY, "Parent is not a directory: " + path);
            }
            node = next;
        }
        return node;
    }

    boolean delete(String path, boolean recursive) throws TractException {
        InMemoryNode node = find(path);
        if (node == null) {
            return false;
        }
        if (!recursive && !node.children.isEmpty()) {
            throw new TractException(ErrorCode.NOT_EMPTY, path + " is non empty");
        }
        if (node == root) {
            return false;
        }
        InMemoryNode parent = parent(path, false, 0, "");
        parent.children.remove(name(path));
        parent.modificationMs = now();
        return true;
    }

    boolean renameLegacy(String source, String destination) throws TractException {
        InMemoryNode moved = find(source);
        if (moved == null || moved == root) {
            return false;
        }
        InMemoryNode there = find(destination);
        String target = there != null && there.directory
                ? (there == root ? "" : destination) + "/" + name(source)
                : destination;
        if (target.equals(source)) {
            return true;
        }
        if (target.startsWith(source + "/") || find(target) != null) {
            return false;
        }
        InMemoryNode parent;
        try {
            parent = parent(target, false, 0, "");
        } catch (TractException e) {
            if (e.code() == ErrorCode.PARENT_NOT_FOUND) {
                return false;
            }
            throw e;
        }
        move(source, moved, parent, target);
        return true;
    }

    boolean rename(String source, String destination, boolean overwrite) throws TractException {
        InMemoryNode moved = get(source);
        if (source.equals(destination)) {
            throw new TractException(
                    ErrorCode.ALREADY_EXISTS, "The source " + source + " and destination are the same");
        }
        if (moved == root || destination.startsWith(source + "/")) {
            throw new TractException(
                    ErrorCode.RENAME_INTO_SELF,
                    "Rename destination " + destination + " is a directory or file under source " + source);
        }
        InMemoryNode parent = parent(destination, false, 0, "");
        InMemoryNode there = find(destination);
        if (there != null) {
            checkReplaceable(source, destination, moved, there, overwrite);
        }
        move(source, moved, parent, destination);
        return true;
    }

    static TreeSummary sum(InMemoryNode node) {
        if (!node.directory) {
            return new TreeSummary(node.visible, 1, 0, (long) node.visible * node.replication);
        }
        TreeSummary total = new TreeSummary(0, 0, 1, 0);
        for (InMemoryNode child : node.children.values()) {
            TreeSummary more = sum(child);
            total = new TreeSummary(
                    total.length() + more.length(),
                    total.fileCount() + more.fileCount(),
                    total.directoryCount() + more.directoryCount(),
                    total.spaceConsumed() + more.spaceConsumed());
        }
        return total;
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void checkReplaceable(
            String source, String destination, InMemoryNode moved, InMemoryNode there, boolean overwrite)
            throws TractException {
        if (there.directory != moved.directory) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Source " + source + " and destination " + destination + " must both be directories or files");
        }
        if (!overwrite) {
            throw new TractException(ErrorCode.ALREADY_EXISTS, "rename destination " + destination + " already exists");
        }
        if (!there.children.isEmpty()) {
            throw new TractException(ErrorCode.NOT_EMPTY, "rename destination directory is not empty: " + destination);
        }
    }

    private void move(String source, InMemoryNode moved, InMemoryNode parent, String target) throws TractException {
        InMemoryNode from = parent(source, false, 0, "");
        from.children.remove(name(source));
        from.modificationMs = now();
        parent.children.put(name(target), moved);
        parent.modificationMs = from.modificationMs;
    }

    private static String[] components(String path) {
        return path.equals("/") ? new String[0] : path.substring(1).split("/", -1);
    }
}
