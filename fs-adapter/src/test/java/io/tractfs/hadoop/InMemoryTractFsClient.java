package io.tractfs.hadoop;

import io.tractfs.client.BlockHosts;
import io.tractfs.client.CorruptFiles;
import io.tractfs.client.CreateOptions;
import io.tractfs.client.Defaults;
import io.tractfs.client.DigestKind;
import io.tractfs.client.FileDigest;
import io.tractfs.client.FileInfo;
import io.tractfs.client.ListPage;
import io.tractfs.client.ListPages;
import io.tractfs.client.RenameStyle;
import io.tractfs.client.SafeModeChange;
import io.tractfs.client.Space;
import io.tractfs.client.TractFsClient;
import io.tractfs.client.TractInput;
import io.tractfs.client.TractOutput;
import io.tractfs.client.TreeSummary;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client whose cluster is this object: names and bytes in memory, by HDFS's rules, lists in pages of three, and
 * errors on command. Of permissions only the owner's to list is enforced. Thread-safe.
 */
final class InMemoryTractFsClient implements TractFsClient {
    private static final int PAGE = 3;

    private final InMemoryTree tree;
    private final String user;
    private @Nullable TractException failure;
    private int opensOfKnown;
    private boolean closed;
    private boolean safeMode;

    InMemoryTractFsClient(String user) {
        this.user = user;
        this.tree = new InMemoryTree(user);
    }

    /** Every later call fails so; null ends it. */
    synchronized void failWith(@Nullable TractException error) {
        failure = error;
    }

    synchronized void failIfTold() throws TractException {
        if (failure != null) {
            throw failure;
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** How often a file was opened whose status was known. */
    synchronized int opensOfKnown() {
        return opensOfKnown;
    }

    long now() {
        return tree.now();
    }

    @Override
    public synchronized FileInfo status(String path) throws TractException {
        failIfTold();
        return tree.get(path).info("");
    }

    @Override
    public ListPages pages(String path, boolean segments) {
        String[] last = {""};
        return () -> {
            ListPage page = list(path, last[0], segments);
            page.entries().forEach(entry -> last[0] = entry.name());
            return page;
        };
    }

    @Override
    public synchronized ListPage list(String path, String startAfter, boolean segments) throws TractException {
        failIfTold();
        InMemoryNode node = tree.get(path);
        if (!node.directory) {
            return new ListPage(startAfter.isEmpty() ? List.of(node.info("")) : List.of(), false);
        }
        if ((node.permission & 0400) == 0) {
            throw new TractException(ErrorCode.PERMISSION_DENIED, "Permission denied: user=" + user + ", path=" + path);
        }
        Map<String, InMemoryNode> rest =
                startAfter.isEmpty() ? node.children : node.children.tailMap(startAfter, false);
        List<FileInfo> entries = rest.entrySet().stream()
                .limit(PAGE)
                .map(entry -> entry.getValue().info(entry.getKey()))
                .toList();
        return new ListPage(entries, rest.size() > PAGE);
    }

    @Override
    public synchronized TractInput open(String path) throws TractException {
        failIfTold();
        return new InMemoryStreams.Input(this, tree.file(path));
    }

    @Override
    public synchronized TractInput open(String path, FileInfo known) throws TractException {
        opensOfKnown++;
        return open(path);
    }

    @Override
    public synchronized TractOutput create(String path, CreateOptions options) throws TractException {
        failIfTold();
        InMemoryNode old = tree.find(path);
        if (old != null && old.directory) {
            throw new TractException(ErrorCode.IS_A_DIRECTORY, path + " already exists as a directory");
        }
        if (old == null && options.mustExist()) {
            throw new TractException(ErrorCode.NOT_FOUND, "File does not exist: " + path);
        }
        if (old != null && !options.overwrite()) {
            throw new TractException(ErrorCode.ALREADY_EXISTS, path + " already exists");
        }
        InMemoryNode parent = tree.parent(path, options.createParent(), 0755, user);
        InMemoryNode node = tree.newNode(false, options.permission(), user);
        node.replication = options.replication() == 0 ? 3 : options.replication();
        node.blockSize = options.blockSize() == 0 ? 128L << 20 : options.blockSize();
        node.open = true;
        parent.children.put(InMemoryTree.name(path), node);
        parent.modificationMs = now();
        return new InMemoryStreams.Output(
                this, node, () -> parent.children.values().remove(node));
    }

    @Override
    public synchronized TractOutput append(String path, boolean newSegment) throws TractException {
        failIfTold();
        InMemoryNode node = tree.get(path);
        if (node.directory) {
            throw new TractException(ErrorCode.IS_A_DIRECTORY, "Cannot append to directory " + path);
        }
        ensureClosed(path, node);
        node.open = true;
        node.generation++;
        return new InMemoryStreams.Output(this, node, () -> {});
    }

    @Override
    public synchronized boolean truncate(String path, long length) throws TractException {
        failIfTold();
        InMemoryNode node = tree.file(path);
        ensureClosed(path, node);
        if (length > node.visible) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Cannot truncate to a larger file size. Current size: " + node.visible + ", truncate size: "
                            + length);
        }
        node.visible = (int) length;
        node.written = (int) length;
        node.modificationMs = now();
        return true;
    }

    @Override
    public synchronized boolean rename(String source, String destination, RenameStyle style) throws TractException {
        failIfTold();
        return switch (style) {
            case LEGACY -> tree.renameLegacy(source, destination);
            case STRICT -> tree.rename(source, destination, false);
            case OVERWRITE -> tree.rename(source, destination, true);
        };
    }

    @Override
    public synchronized boolean delete(String path, boolean recursive) throws TractException {
        failIfTold();
        return tree.delete(path, recursive);
    }

    @Override
    public synchronized boolean mkdirs(String path, int permission, boolean createParent) throws TractException {
        failIfTold();
        InMemoryNode old = tree.find(path);
        if (old != null) {
            if (old.directory) {
                return true;
            }
            throw new TractException(ErrorCode.ALREADY_EXISTS, "Path is not a directory: " + path);
        }
        InMemoryNode parent = tree.parent(path, createParent, permission, user);
        parent.children.put(InMemoryTree.name(path), tree.newNode(true, permission, user));
        parent.modificationMs = now();
        return true;
    }

    @Override
    public synchronized void setPermission(String path, int permission) throws TractException {
        failIfTold();
        tree.get(path).permission = permission;
    }

    @Override
    public synchronized void setOwner(String path, @Nullable String owner, @Nullable String group)
            throws TractException {
        failIfTold();
        InMemoryNode node = tree.get(path);
        node.owner = owner == null ? node.owner : owner;
        node.group = group == null ? node.group : group;
    }

    @Override
    public synchronized void setTimes(String path, long modificationMs, long accessMs) throws TractException {
        failIfTold();
        InMemoryNode node = tree.get(path);
        node.modificationMs = modificationMs < 0 ? node.modificationMs : modificationMs;
        node.accessMs = accessMs < 0 ? node.accessMs : accessMs;
    }

    @Override
    public synchronized boolean setReplication(String path, int replication) throws TractException {
        failIfTold();
        InMemoryNode node = tree.find(path);
        if (node == null || node.directory) {
            return false;
        }
        node.replication = replication;
        return true;
    }

    @Override
    public synchronized void concat(String target, List<String> sources) throws TractException {
        failIfTold();
        InMemoryNode node = tree.file(target);
        List<InMemoryNode> moved = new ArrayList<>();
        for (String source : sources) {
            InMemoryNode next = tree.file(source);
            if (next == node || next.open || next.visible == 0 || moved.contains(next)) {
                throw new TractException(
                        ErrorCode.INVALID_ARGUMENT,
                        "concat: source file " + source + " is invalid or empty or underConstruction");
            }
            moved.add(next);
        }
        if (node.open || moved.isEmpty()) {
            throw new TractException(ErrorCode.INVALID_ARGUMENT, "No sources given, or " + target + " is open");
        }
        for (int i = 0; i < moved.size(); i++) {
            node.append(moved.get(i).content, 0, moved.get(i).visible);
            tree.delete(sources.get(i), false);
        }
        node.visible = node.written;
        node.modificationMs = now();
    }

    @Override
    public synchronized boolean recoverLease(String path) throws TractException {
        failIfTold();
        InMemoryNode node = tree.file(path);
        node.written = node.visible;
        node.open = false;
        return true;
    }

    @Override
    public synchronized TreeSummary contentSummary(String path) throws TractException {
        failIfTold();
        return InMemoryTree.sum(tree.get(path));
    }

    @Override
    public synchronized void access(String path, int mode) throws TractException {
        failIfTold();
        InMemoryNode node = tree.get(path);
        if ((node.permission >> 6 & mode) != mode) {
            throw new TractException(ErrorCode.PERMISSION_DENIED, "Permission denied: user=" + user + ", path=" + path);
        }
    }

    @Override
    public synchronized Defaults defaults() throws TractException {
        failIfTold();
        return new Defaults(new ClusterId(new UUID(1, 2)), 128L << 20, 8 << 20, 3, 60, 512, "supergroup");
    }

    @Override
    public synchronized Space space() throws TractException {
        failIfTold();
        return new Space(1000, 300, 700);
    }

    @Override
    public synchronized List<BlockHosts> locations(FileInfo file, long offset, long length) throws TractException {
        failIfTold();
        List<BlockHosts> blocks = new ArrayList<>();
        long start = offset / file.blockSize() * file.blockSize();
        for (long at = start; at < Math.min(file.length(), offset + length); at += file.blockSize()) {
            blocks.add(new BlockHosts(
                    at,
                    Math.min(file.blockSize(), file.length() - at),
                    List.of("host-1", "host-2"),
                    List.of("host-1:7620", "host-2:7620"),
                    List.of("/rack/host-1:7620", "/rack/host-2:7620")));
        }
        return blocks;
    }

    /** Of one block size, that of the file, which has one block only. */
    @Override
    public synchronized FileDigest digest(String path, long length, DigestKind kind) throws TractException {
        failIfTold();
        InMemoryNode node = tree.file(path);
        if (node.open) {
            throw new TractException(
                    ErrorCode.LEASE_CONFLICT, "Fail to get checksum, since file " + path + " is under construction.");
        }
        int count = (int) Math.min(length, node.visible);
        ByteBuffer bytes = ByteBuffer.wrap(node.content, 0, count);
        return new FileDigest(count, node.blockSize, InMemoryDigests.of(bytes, kind));
    }

    /** Nothing is ever lost. */
    @Override
    public synchronized CorruptFiles corruptFiles(String path) throws TractException {
        failIfTold();
        return new CorruptFiles() {
            @Override
            public List<String> next() {
                return List.of();
            }

            @Override
            public boolean more() {
                return false;
            }
        };
    }

    /** The state alone: changes are taken all the same. */
    @Override
    public synchronized boolean safeMode(SafeModeChange change) throws TractException {
        failIfTold();
        safeMode = change == SafeModeChange.ENTER || (change == SafeModeChange.NONE && safeMode);
        return safeMode;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private static void ensureClosed(String path, InMemoryNode node) throws TractException {
        if (node.open) {
            throw new TractException(ErrorCode.LEASE_CONFLICT, "Failed to write " + path + ": it is being written");
        }
    }
}
