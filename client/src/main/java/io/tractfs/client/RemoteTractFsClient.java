package io.tractfs.client;

import io.tractfs.client.lease.LeaseKeeper;
import io.tractfs.client.local.LocalTracts;
import io.tractfs.client.namespace.FileOpener;
import io.tractfs.client.namespace.NamespaceCalls;
import io.tractfs.client.namespace.OpenFileStatus;
import io.tractfs.client.namespace.PrefetchedPages;
import io.tractfs.client.read.BlockLocator;
import io.tractfs.client.read.BufferBudget;
import io.tractfs.client.read.CorruptFileSearch;
import io.tractfs.client.read.FileDigester;
import io.tractfs.client.read.ReadConfig;
import io.tractfs.client.read.StripedInput;
import io.tractfs.client.read.TractFetcher;
import io.tractfs.client.transport.Futures;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ListResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A client of a remote cluster, put together by {@link TractFsClients}. Thread-safe. */
final class RemoteTractFsClient implements TractFsClient {
    private final NamespaceCalls namespace;
    private final OpenFileStatus statuses;
    private final FileOpener opener;
    private final Reading reading;
    private final LeaseKeeper leases;
    private final AutoCloseableQuietly shared;
    private final int listPage;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What reading takes. */
    record Reading(
            TractFetcher fetcher,
            LocalTracts local,
            ReadConfig config,
            BufferBudget budget,
            BlockLocator blocks,
            FileDigester digester,
            CorruptFileSearch corrupt) {}

    /** Gives back the shared parts. */
    interface AutoCloseableQuietly extends AutoCloseable {
        @Override
        void close();
    }

    RemoteTractFsClient(
            NamespaceCalls namespace,
            OpenFileStatus statuses,
            FileOpener opener,
            Reading reading,
            LeaseKeeper leases,
            AutoCloseableQuietly shared,
            int listPage) {
        this.namespace = namespace;
        this.statuses = statuses;
        this.opener = opener;
        this.reading = reading;
        this.leases = leases;
        this.shared = shared;
        this.listPage = listPage;
    }

    private NamespaceCalls namespace() throws TractException {
        checkOpen();
        return namespace;
    }

    private void checkOpen() throws TractException {
        if (closed.get()) {
            throw new TractException(ErrorCode.SHUTTING_DOWN, "Client is closed");
        }
    }

    @Override
    public FileInfo status(String path) throws TractException {
        checkOpen();
        return statuses.status(path);
    }

    @Override
    public ListPage list(String path, String startAfter, boolean segments) throws TractException {
        ListResponse page = Futures.await(namespace().list(path, startAfter, listPage, segments));
        return PrefetchedPages.decode(page, path, statuses::entries);
    }

    @Override
    public ListPages pages(String path, boolean segments) throws TractException {
        NamespaceCalls calls = namespace();
        return new PrefetchedPages(path, after -> calls.list(path, after, listPage, segments), statuses::entries);
    }

    @Override
    public TractInput open(String path) throws TractException {
        checkOpen();
        return input(path, statuses.forReading(path));
    }

    @Override
    public TractInput open(String path, FileInfo known) throws TractException {
        checkOpen();
        long named = known.segments().stream().mapToLong(Segment::length).sum();
        boolean complete = !known.directory() && !known.open() && named == known.length();
        return complete ? input(path, known) : open(path);
    }

    private TractInput input(String path, FileInfo info) {
        return new StripedInput(
                info,
                reading.fetcher(),
                reading.local(),
                reading.config(),
                reading.budget(),
                known -> statuses.grown(path, known));
    }

    @Override
    public TractOutput create(String path, CreateOptions options) throws TractException {
        checkOpen();
        return opener.create(path, options);
    }

    @Override
    public TractOutput append(String path, boolean newSegment) throws TractException {
        checkOpen();
        return opener.append(path, newSegment);
    }

    @Override
    public boolean truncate(String path, long length) throws TractException {
        return namespace().truncate(path, length);
    }

    @Override
    public boolean rename(String source, String destination, RenameStyle style) throws TractException {
        return namespace().rename(source, destination, style);
    }

    @Override
    public boolean delete(String path, boolean recursive) throws TractException {
        return namespace().delete(path, recursive);
    }

    @Override
    public boolean mkdirs(String path, int permission, boolean createParent) throws TractException {
        return namespace().mkdirs(path, permission, createParent);
    }

    @Override
    public void setPermission(String path, int permission) throws TractException {
        namespace().setPermission(path, permission);
    }

    @Override
    public void setOwner(String path, @Nullable String owner, @Nullable String group) throws TractException {
        namespace().setOwner(path, owner, group);
    }

    @Override
    public void setTimes(String path, long modificationMs, long accessMs) throws TractException {
        namespace().setTimes(path, modificationMs, accessMs);
    }

    @Override
    public boolean setReplication(String path, int replication) throws TractException {
        return namespace().setReplication(path, replication);
    }

    @Override
    public void concat(String target, List<String> sources) throws TractException {
        namespace().concat(target, sources);
    }

    @Override
    public boolean recoverLease(String path) throws TractException {
        return namespace().recoverLease(path);
    }

    @Override
    public TreeSummary contentSummary(String path) throws TractException {
        return namespace().contentSummary(path);
    }

    @Override
    public void access(String path, int mode) throws TractException {
        namespace().access(path, mode);
    }

    @Override
    public Defaults defaults() throws TractException {
        return namespace().defaults();
    }

    @Override
    public Space space() throws TractException {
        return namespace().space();
    }

    @Override
    public List<BlockHosts> locations(FileInfo file, long offset, long length) throws TractException {
        checkOpen();
        return reading.blocks().locations(file, offset, length);
    }

    @Override
    public FileDigest digest(String path, long length, DigestKind kind) throws TractException {
        checkOpen();
        return reading.digester().digest(statuses.closed(path), length, kind);
    }

    @Override
    public CorruptFiles corruptFiles(String path) throws TractException {
        checkOpen();
        return reading.corrupt().below(path);
    }

    @Override
    public boolean safeMode(SafeModeChange change) throws TractException {
        return namespace().safeMode(change);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            reading.local().close();
            opener.close();
            leases.close();
            shared.close();
        }
    }
}
