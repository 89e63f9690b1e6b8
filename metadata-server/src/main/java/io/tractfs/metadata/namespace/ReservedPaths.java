package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.FileId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code /.reserved} means, as in HDFS: {@code /.reserved/.inodes/N} is the file or directory with the number N,
 * wherever it hangs, and may be followed by names below it. Rights are asked along the real path. Immutable.
 */
final class ReservedPaths {
    private static final String TOP = "/" + NamespacePath.RESERVED;

    /** Bits of {@code /.reserved} itself in HDFS. */
    private static final int TOP_BITS = 01770;

    private ReservedPaths() {}

    /** Whether a path is {@code /.reserved} itself, which everybody sees, though it is no directory of the tree. */
    static boolean isTop(String path) {
        return path.equals(TOP);
    }

    /** Status of {@code /.reserved}, of the age of the root. */
    static FileStatus top(Tree tree) {
        return directory(tree, NamespacePath.RESERVED, TOP_BITS);
    }

    /** What is in {@code /.reserved}; neither can be listed or entered by itself. */
    static List<FileStatus> entries(Tree tree) {
        return List.of(directory(tree, NamespacePath.INODES, 0), directory(tree, NamespacePath.RAW, 0));
    }

    private static FileStatus directory(Tree tree, String name, int bits) {
        Inode.Directory root = tree.directoryAt(Location.ROOT);
        return new Inode.Directory(root.id(), root.attributes().withPermission(bits), 0).status(name, false);
    }

    /** The real path of one that begins with {@code /.reserved}; itself where it names nothing. */
    static NamespacePath real(Tree tree, NamespacePath path) throws Refusal {
        List<String> names = path.names();
        if (names.size() < 2) {
            return path;
        }
        if (names.get(1).equals(NamespacePath.RAW)) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "/.reserved/raw is not available: files are not encrypted here, use the path without it: " + path);
        }
        if (!names.get(1).equals(NamespacePath.INODES) || names.size() < 3) {
            return path;
        }
        Optional<List<String>> above = tree.namesOf(inode(names.get(2), path));
        if (above.isEmpty()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "File for given inode path does not exist: " + path);
        }
        List<String> real = new ArrayList<>(above.get());
        real.addAll(names.subList(3, names.size()));
        return new NamespacePath(real);
    }

    private static FileId inode(String number, NamespacePath path) throws Refusal {
        try {
            return new FileId(Long.parseUnsignedLong(number));
        } catch (IllegalArgumentException e) {
            throw new Refusal(ErrorCode.NOT_FOUND, "Invalid inode path: " + path);
        }
    }
}
