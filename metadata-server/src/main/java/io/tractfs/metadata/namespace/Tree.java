package io.tractfs.metadata.namespace;

import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads inodes out of a view. As thread-safe as the view is. */
final class Tree {
    private final KeyValueView view;

    /** Reads from a view. */
    Tree(KeyValueView view) {
        this.view = view;
    }

    /** What hangs at a place. */
    Optional<Inode> at(Location location) {
        byte[] value = view.get(KeySpace.INODES, Keys.ofLocation(location));
        return value == null ? Optional.empty() : Optional.of(InodeCodec.decode(value));
    }

    /** The directory that must hang at a place. */
    Inode.Directory directoryAt(Location location) {
        if (at(location).orElse(null) instanceof Inode.Directory directory) {
            return directory;
        }
        throw new StoredFormatException("No directory at " + location);
    }

    /** A file that is open, by its id. */
    Optional<Entry<Inode.FileNode>> openFile(FileId file) {
        byte[] value = view.get(KeySpace.OPEN_FILES, Keys.ofLong(file.value()));
        if (value == null) {
            return Optional.empty();
        }
        Location location = Keys.locationOf(value);
        if (at(location).orElse(null) instanceof Inode.FileNode node
                && node.id().equals(file)) {
            return Optional.of(new Entry<>(location, node));
        }
        throw new StoredFormatException("Open file " + file + " is not at " + location);
    }

    /** A file by its id, open or not. */
    Optional<Entry<Inode.FileNode>> file(FileId file) {
        byte[] value = view.get(KeySpace.FILES, Keys.ofLong(file.value()));
        if (value == null) {
            return Optional.empty();
        }
        Location location = Keys.toLocation(value);
        if (at(location).orElse(null) instanceof Inode.FileNode node
                && node.id().equals(file)) {
            return Optional.of(new Entry<>(location, node));
        }
        return Optional.empty();
    }

    /** Whether a directory hangs below the root, not below a deleted tree. */
    boolean isAttached(FileId directory) {
        FileId at = directory;
        while (!at.equals(Inode.ROOT)) {
            byte[] value = view.get(KeySpace.DIRECTORIES, Keys.ofLong(at.value()));
            if (value == null) {
                return false;
            }
            at = Keys.toLocation(value).parent();
        }
        return true;
    }

    /** The names on the way from the root to an inode; empty if it does not exist or is deleted. */
    Optional<List<String>> namesOf(FileId inode) {
        List<String> names = new ArrayList<>();
        FileId at = inode;
        while (!at.equals(Inode.ROOT)) {
            byte[] value = view.get(KeySpace.DIRECTORIES, Keys.ofLong(at.value()));
            if (value == null && at.equals(inode)) {
                value = view.get(KeySpace.FILES, Keys.ofLong(at.value()));
            }
            if (value == null) {
                return Optional.empty();
            }
            Location location = Keys.toLocation(value);
            names.add(location.name());
            at = location.parent();
        }
        Collections.reverse(names);
        return Optional.of(names);
    }

    /** Visits the entries of a directory in order of names as UTF-8 bytes, from those after a name on. */
    void children(FileId directory, String startAfter, ChildVisitor visitor) {
        storedChildren(
                directory,
                startAfter,
                (key, value) -> visitor.visit(
                        new Entry<>(new Location(directory, Keys.nameOf(key)), InodeCodec.decode(value))));
    }

    /** The same, as they are stored: key in {@link KeySpace#INODES} and inode. */
    void storedChildren(FileId directory, String startAfter, KeyValueView.Visitor visitor) {
        byte[] prefix = Keys.ofLong(directory.value());
        view.scan(KeySpace.INODES, prefix, after(prefix, startAfter), visitor);
    }

    /** Visits every open file with its session, {@link CallName#NO_CLIENT} where it is being recovered. */
    void openFiles(OpenFileVisitor visitor) {
        view.scan(KeySpace.OPEN_FILES, Keys.EMPTY, (key, value) -> {
            visitor.visit(new FileId(Keys.toLong(key)), Keys.holderOf(value));
            return true;
        });
    }

    /** The least key after a name's. */
    private static byte[] after(byte[] prefix, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0) {
            return prefix;
        }
        return ByteBuffer.allocate(prefix.length + text.length + 1)
                .put(prefix)
                .put(text)
                .array();
    }

    /** Takes entries of a directory. */
    @FunctionalInterface
    interface ChildVisitor {
        /** Takes one entry; false ends the visit. */
        boolean visit(Entry<Inode> entry);
    }

    /** Takes open files. */
    @FunctionalInterface
    interface OpenFileVisitor {
        /** Takes one file. */
        void visit(FileId file, ClientId holder);
    }
}
