package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * A path and the inodes on it. Immutable.
 *
 * @param path the path
 * @param chain what exists, from the root down; at least the root
 */
record ResolvedPath(NamespacePath path, List<Entry<Inode>> chain) {
    /** Copies the list. */
    ResolvedPath {
        chain = List.copyOf(chain);
    }

    /** Whether the whole path exists. */
    boolean exists() {
        return chain.size() == path.names().size() + 1;
    }

    /** The last component's entry, if it exists. */
    Optional<Entry<Inode>> last() {
        return exists() ? Optional.of(deepest()) : Optional.empty();
    }

    /** The last component's entry; refused with HDFS's words if it is not there. */
    Entry<Inode> required() throws Refusal {
        if (!exists()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "File does not exist: " + path);
        }
        return deepest();
    }

    /** The last component as a file; refused if it is not there or a directory. */
    Entry<Inode.FileNode> requiredFile() throws Refusal {
        Entry<Inode> entry = required();
        if (entry.inode() instanceof Inode.FileNode file) {
            return new Entry<>(entry.location(), file);
        }
        throw new Refusal(ErrorCode.IS_A_DIRECTORY, "Path is not a file: " + path);
    }

    /** The deepest entry that exists. */
    Entry<Inode> deepest() {
        return chain.get(chain.size() - 1);
    }

    /** The parent directory's entry, if it exists; none for the root. */
    Optional<Entry<Inode>> parent() {
        int parentAt = path.names().size() - 1;
        return parentAt >= 0 && parentAt < chain.size() ? Optional.of(chain.get(parentAt)) : Optional.empty();
    }

    /** The deepest entry that exists above the last component; the root for the root. */
    Entry<Inode> ancestor() {
        return exists() && chain.size() > 1 ? chain.get(chain.size() - 2) : deepest();
    }

    /** The path of an entry of the chain. */
    NamespacePath pathOf(Entry<Inode> entry) {
        return path.prefix(chain.indexOf(entry));
    }
}
