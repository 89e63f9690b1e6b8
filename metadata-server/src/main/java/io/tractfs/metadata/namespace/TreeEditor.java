package io.tractfs.metadata.namespace;

import io.tractfs.id.BlobId;
import io.tractfs.id.FileId;
import java.util.ArrayList;
import java.util.List;

/** Changes inodes and keeps the indexes, counts and the garbage log with them. Confined to the thread that applies. */
final class TreeEditor {
    /** Most inodes that a delete removes at once; the rest of a larger tree is swept by later commands. */
    static final int INLINE_SWEEP = 1000;

    private static final byte[] NOTHING = {};

    private final Transaction transaction;
    private final long timeMs;

    /** Edits in a transaction at a logged time. */
    TreeEditor(Transaction transaction, long timeMs) {
        this.transaction = transaction;
        this.timeMs = timeMs;
    }

    /** Replaces an inode by a newer state of itself; the indexes stay. */
    void replace(Location location, Inode inode) {
        transaction.put(KeySpace.INODES, Keys.ofLocation(location), InodeCodec.encode(inode));
    }

    /** Replaces a file by a newer state of itself whose writer may have changed. */
    void replaceOpened(Location location, Inode.FileNode file) {
        replace(location, file);
        index(location, file);
    }

    /** Adds a new inode to a directory. */
    void add(Location parent, Location location, Inode inode) {
        transaction.counters().inodeCount++;
        if (inode instanceof Inode.FileNode file) {
            for (Segment segment : file.segments()) {
                addBlob(segment.blob(), file.id());
            }
        }
        hang(location, inode);
        changeDirectory(parent, 1);
    }

    /** Notes a blob as alive. */
    void addBlob(BlobId blob, FileId file) {
        transaction.put(KeySpace.BLOBS, Keys.ofLong(blob.value()), Keys.ofLong(file.value()));
    }

    /** Moves an inode from one directory to another or to another name. */
    void move(Location fromParent, Entry<Inode> entry, Location toParent, Location to) {
        transaction.delete(KeySpace.INODES, Keys.ofLocation(entry.location()));
        changeDirectory(fromParent, -1);
        hang(to, entry.inode());
        changeDirectory(toParent, 1);
    }

    /**
     * Removes an entry from its directory. A file's blobs go into the garbage log; a tree is detached and swept, what is
     * too much for one command later.
     */
    void remove(Location parent, Entry<Inode> entry) {
        transaction.delete(KeySpace.INODES, Keys.ofLocation(entry.location()));
        changeDirectory(parent, -1);
        drop(entry.inode());
        if (entry.inode().isDirectory()) {
            sweep(INLINE_SWEEP);
        }
    }

    /** Takes a closed file away whose blobs live on in another file. */
    void unlink(Location parent, Entry<Inode.FileNode> entry) {
        transaction.delete(KeySpace.INODES, Keys.ofLocation(entry.location()));
        transaction.delete(KeySpace.FILES, Keys.ofLong(entry.inode().id().value()));
        forgetReplicating(entry.inode());
        changeDirectory(parent, -1);
        transaction.counters().inodeCount--;
    }

    /** Keeps the index of files with a segment that changes its replication (P33). */
    void noteReplicating(Inode.FileNode file) {
        byte[] id = Keys.ofLong(file.id().value());
        if (file.isReplicating()) {
            transaction.put(KeySpace.REPLICATING, id, NOTHING);
        } else {
            transaction.delete(KeySpace.REPLICATING, id);
        }
    }

    /** Puts a blob into the garbage log (P32). */
    void discard(BlobId blob) {
        transaction.delete(KeySpace.BLOBS, Keys.ofLong(blob.value()));
        long sequence = ++transaction.counters().garbageHead;
        transaction.put(KeySpace.GARBAGE, Keys.ofLong(sequence), Keys.ofLong(blob.value()));
    }

    /**
     * Removes inodes of deleted trees.
     *
     * @param limit most of them
     * @return whether there are more
     */
    boolean sweep(int limit) {
        int left = limit;
        while (left > 0 && transaction.counters().detachedCount > 0) {
            FileId directory = firstDetached();
            List<Entry<Inode>> children = firstChildren(directory, left);
            for (Entry<Inode> child : children) {
                transaction.delete(KeySpace.INODES, Keys.ofLocation(child.location()));
                drop(child.inode());
            }
            if (children.size() < left) {
                transaction.delete(KeySpace.DETACHED, Keys.ofLong(directory.value()));
                transaction.counters().detachedCount--;
            }
            left -= Math.max(1, children.size());
        }
        return transaction.counters().detachedCount > 0;
    }

    private FileId firstDetached() {
        List<FileId> found = new ArrayList<>(1);
        transaction.scan(KeySpace.DETACHED, Keys.EMPTY, (key, value) -> {
            found.add(new FileId(Keys.toLong(key)));
            return false;
        });
        return found.get(0);
    }

    private List<Entry<Inode>> firstChildren(FileId directory, int limit) {
        List<Entry<Inode>> children = new ArrayList<>();
        new Tree(transaction).children(directory, "", child -> {
            children.add(child);
            return children.size() < limit;
        });
        return children;
    }

    /** Forgets an inode that hangs nowhere any more. */
    private void drop(Inode inode) {
        transaction.counters().inodeCount--;
        byte[] id = Keys.ofLong(inode.id().value());
        if (inode instanceof Inode.FileNode file) {
            file.segments().forEach(segment -> discard(segment.blob()));
            transaction.delete(KeySpace.FILES, id);
            forgetReplicating(file);
            if (file.writer().isOpen()) {
                transaction.delete(KeySpace.OPEN_FILES, id);
            }
        } else {
            transaction.delete(KeySpace.DIRECTORIES, id);
            if (((Inode.Directory) inode).childCount() > 0) {
                transaction.put(KeySpace.DETACHED, id, NOTHING);
                transaction.counters().detachedCount++;
            }
        }
    }

    private void forgetReplicating(Inode.FileNode file) {
        if (file.isReplicating()) {
            transaction.delete(KeySpace.REPLICATING, Keys.ofLong(file.id().value()));
        }
    }

    private void hang(Location location, Inode inode) {
        replace(location, inode);
        if (inode instanceof Inode.FileNode file) {
            transaction.put(KeySpace.FILES, Keys.ofLong(file.id().value()), Keys.ofLocation(location));
            if (file.writer().isOpen()) {
                index(location, file);
            }
        } else {
            transaction.put(KeySpace.DIRECTORIES, Keys.ofLong(inode.id().value()), Keys.ofLocation(location));
        }
    }

    private void index(Location location, Inode.FileNode file) {
        byte[] id = Keys.ofLong(file.id().value());
        if (file.writer().isOpen()) {
            transaction.put(
                    KeySpace.OPEN_FILES, id, Keys.ofOpenFile(file.writer().holder(), location));
        } else {
            transaction.delete(KeySpace.OPEN_FILES, id);
        }
    }

    private void changeDirectory(Location location, int moreChildren) {
        Inode.Directory directory = new Tree(transaction).directoryAt(location);
        replace(location, directory.changed(moreChildren, timeMs));
    }
}
