package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.permission.Access;
import io.tractfs.metadata.permission.Requester;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads of the namespace, each on one snapshot of the tables (P35): what was acknowledged before a read began, it sees.
 * Errors are those of HDFS. Thread-safe.
 */
public final class NamespaceReader {
    /** Most entries of a page. */
    public static final int MAX_PAGE = 4000;

    /** Most bytes of a page, but for its first entry; well below the largest frame. */
    static final int MAX_PAGE_BYTES = 2 << 20;

    private final KeyValueStore store;
    private final Supplier<KeyValueSnapshot> snapshots;

    /** Reads from a store. */
    public NamespaceReader(KeyValueStore store) {
        this(store, store::snapshot);
    }

    /** Reads instants that somebody else takes of a store. */
    NamespaceReader(KeyValueStore store, Supplier<KeyValueSnapshot> snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    /** The same reads, which fail with {@link NotInMemoryException} where they would have to wait for a disk. */
    public NamespaceReader inMemory() {
        return new NamespaceReader(store, store::memorySnapshot);
    }

    /** Status of a path; what is said to be below a file does not exist, to whomever asks. */
    public FileStatus status(Requester requester, String path) throws TractException {
        return read(tree -> {
            if (ReservedPaths.isTop(path)) {
                return ReservedPaths.top(tree);
            }
            Entry<Inode> entry =
                    new PathAccess(tree, requester).resolveForStatus(path).required();
            return entry.inode().status(entry.name(), false);
        });
    }

    /** Status of a file with its segments, for reading it. As in HDFS, that it is missing is told before rights count. */
    public FileStatus open(Requester requester, String path) throws TractException {
        return read(tree -> {
            Entry<Inode.FileNode> entry =
                    new PathAccess(tree, Requester.SYSTEM).resolve(path).requiredFile();
            PathAccess access = new PathAccess(tree, requester);
            access.requireAccess(access.resolve(path), Access.READ);
            return entry.inode().status(entry.name(), true);
        });
    }

    /** One page of a directory; of a file, the file itself under an empty name. */
    public Listing list(Requester requester, String path, String startAfter, int limit, boolean segments)
            throws TractException {
        return list(requester, path, startAfter, limit, segments, MAX_PAGE_BYTES);
    }

    /** The same with another bound of bytes. */
    Listing list(Requester requester, String path, String startAfter, int limit, boolean segments, int maxBytes)
            throws TractException {
        int most = limit < 1 || limit > MAX_PAGE ? MAX_PAGE : limit;
        return read(tree -> {
            if (ReservedPaths.isTop(path)) {
                return whole(ReservedPaths.entries(tree), segments);
            }
            PathAccess access = new PathAccess(tree, requester);
            ResolvedPath resolved = access.resolve(path);
            Entry<Inode> entry = resolved.required();
            if (!entry.inode().isDirectory()) {
                return whole(List.of(entry.inode().status("", segments)), segments);
            }
            access.requireAccess(resolved, Access.READ_EXECUTE);
            return page(tree, entry.inode().id(), startAfter, most, new ListingCodec(segments), maxBytes);
        });
    }

    private static Listing whole(List<FileStatus> entries, boolean segments) {
        ListingCodec page = new ListingCodec(segments);
        entries.forEach(page::add);
        return new Listing(page.finish(), page.count(), "", false);
    }

    private static Listing page(
            Tree tree, FileId directory, String startAfter, int most, ListingCodec page, int maxBytes) {
        byte[][] last = {Keys.ofLong(directory.value())};
        boolean[] more = {false};
        tree.storedChildren(directory, startAfter, (key, inode) -> {
            if (page.count() == most || !page.add(key, inode, maxBytes)) {
                more[0] = true;
                return false;
            }
            last[0] = key;
            return true;
        });
        return new Listing(page.finish(), page.count(), Keys.nameOf(last[0]), more[0]);
    }

    /**
     * A page of everything below a path, which asks for the right to read each directory that it goes through.
     *
     * @param after path of the last entry of the page before; empty for the first page
     */
    public TreeWalk.Page walk(Requester requester, String path, String after, int limit) throws TractException {
        int most = limit < 1 || limit > MAX_PAGE ? MAX_PAGE : limit;
        return read(tree -> {
            PathAccess access = new PathAccess(tree, requester);
            ResolvedPath top = access.resolveForStatus(path);
            Optional<NamespacePath> last = after.isEmpty() ? Optional.empty() : Optional.of(NamespacePath.parse(after));
            if (last.isPresent()
                    && !last.get().isBelow(top.path())
                    && !last.get().equals(top.path())) {
                throw new Refusal(ErrorCode.INVALID_ARGUMENT, "A walk of " + path + " does not pass " + after);
            }
            return TreeWalk.page(tree, access, top, last, most);
        });
    }

    /** Sums up a tree. */
    public ContentSummary contentSummary(Requester requester, String path) throws TractException {
        return read(tree -> {
            PathAccess access = new PathAccess(tree, requester);
            ResolvedPath resolved = access.resolve(path);
            Inode top = resolved.required().inode();
            access.requireListable(resolved.path(), top);
            return summary(tree, top);
        });
    }

    private static ContentSummary summary(Tree tree, Inode top) {
        ContentSummary.Sum sum = new ContentSummary.Sum();
        if (top instanceof Inode.FileNode file) {
            sum.addFile(file.length(), file.replication());
            return sum.result();
        }
        LengthsCodec child = new LengthsCodec();
        Deque<FileId> pending = new ArrayDeque<>();
        pending.push(top.id());
        while (!pending.isEmpty()) {
            sum.addDirectory();
            tree.storedChildren(pending.pop(), "", (key, inode) -> {
                child.read(inode);
                if (child.isDirectory()) {
                    pending.push(child.id());
                } else {
                    sum.addFile(child.length(), child.replication());
                }
                return true;
            });
        }
        return sum.result();
    }

    /** Fails unless the requester has the rights on a path. */
    public void checkAccess(Requester requester, String path, Access wanted) throws TractException {
        read(tree -> {
            PathAccess access = new PathAccess(tree, requester);
            ResolvedPath resolved = access.resolve(path);
            if (!resolved.exists()) {
                throw new Refusal(ErrorCode.NOT_FOUND, "Path not found: " + resolved.path());
            }
            access.requireAccess(resolved, wanted);
            return Result.DONE;
        });
    }

    /** Whether a session still holds a file under a generation. */
    public boolean holds(ClientId session, FileId file, Generation generation) {
        try (KeyValueSnapshot snapshot = snapshots.get()) {
            Optional<Entry<Inode.FileNode>> entry = new Tree(snapshot).openFile(file);
            return entry.isPresent()
                    && entry.get().inode().writer().holder().equals(session)
                    && entry.get().inode().generation().equals(generation);
        }
    }

    /** Every open file with its session; {@link CallName#NO_CLIENT} where its writer is being recovered. */
    public Map<FileId, ClientId> openFiles() {
        Map<FileId, ClientId> files = new LinkedHashMap<>();
        try (KeyValueSnapshot snapshot = snapshots.get()) {
            new Tree(snapshot).openFiles(files::put);
        }
        return files;
    }

    /** Where a blob ends; empty if it is not alive, or its file is open, so that nobody knows. */
    public Optional<BlobEnd> end(BlobId blob) {
        try (KeyValueSnapshot snapshot = snapshots.get()) {
            byte[] owner = snapshot.get(KeySpace.BLOBS, Keys.ofLong(blob.value()));
            if (owner == null) {
                return Optional.empty();
            }
            FileId id = new FileId(Keys.toLong(owner));
            return new Tree(snapshot)
                    .file(id)
                    .map(Entry::inode)
                    .filter(file -> !file.writer().isOpen())
                    .flatMap(file -> file.segments().stream()
                            .filter(segment -> segment.blob().equals(blob))
                            .findFirst()
                            .map(segment -> new BlobEnd(segment.tractCount(), file.generation())));
        }
    }

    /**
     * Where a blob of a closed file ends. Immutable.
     *
     * @param tracts how many have bytes of the file
     * @param generation of the file; who writes to it later has a higher one
     */
    public record BlobEnd(int tracts, Generation generation) {}

    /** The status of an open file, with segments. */
    public Optional<FileStatus> openFile(FileId file) {
        try (KeyValueSnapshot snapshot = snapshots.get()) {
            return new Tree(snapshot).openFile(file).map(entry -> entry.inode().status(entry.name(), true));
        }
    }

    /**
     * Files with a segment that changes its replication, in order of their ids.
     *
     * @param after id after which to go on; 0 for the first
     */
    public List<FileId> replicating(long after, int limit) {
        List<FileId> files = new ArrayList<>();
        if (limit > 0) {
            try (KeyValueSnapshot snapshot = store.snapshot()) {
                snapshot.scan(KeySpace.REPLICATING, Keys.EMPTY, Keys.ofLong(after + 1), (key, value) -> {
                    files.add(new FileId(Keys.toLong(key)));
                    return files.size() < limit;
                });
            }
        }
        return files;
    }

    /** The status of a file by its id, with segments. */
    public Optional<FileStatus> file(FileId file) {
        try (KeyValueSnapshot snapshot = store.snapshot()) {
            return new Tree(snapshot).file(file).map(entry -> entry.inode().status(entry.name(), true));
        }
    }

    private <T> T read(Read<T> read) throws TractException {
        try (KeyValueSnapshot snapshot = snapshots.get()) {
            return read.from(new Tree(snapshot));
        } catch (Refusal refusal) {
            if (refusal.result() instanceof Result.Refused refused) {
                throw new TractException(refused.code(), refused.message());
            }
            throw new AssertionError("A read was refused by " + refusal.result(), refusal);
        }
    }

    /** A read of one instant. */
    @FunctionalInterface
    private interface Read<T> {
        /** Reads. */
        T from(Tree tree) throws Refusal;
    }
}
