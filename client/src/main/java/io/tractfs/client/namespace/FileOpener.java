package io.tractfs.client.namespace;

import io.tractfs.client.CreateOptions;
import io.tractfs.client.Segment;
import io.tractfs.client.TractOutput;
import io.tractfs.client.lease.LeaseKeeper;
import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.write.OutputFactory;
import io.tractfs.client.write.StripedOutput;
import io.tractfs.client.write.WriteTarget;
import io.tractfs.error.TractException;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.CreateRequest;
import io.tractfs.wire.proto.FileStatusMessage;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** Opens files for writing. Thread-safe; calls wait. */
public final class FileOpener {
    private final MetadataCalls calls;
    private final NamespaceCalls namespace;
    private final LeaseKeeper leases;
    private final OutputFactory outputs;
    private final Clock clock;
    private final int window;
    private final boolean syncOnClose;
    private final Set<StripedOutput> opened = Collections.newSetFromMap(new WeakHashMap<>());

    /**
     * Opens through some calls.
     *
     * @param window tracts that a writer may have in flight; 0 for the server's default
     * @param syncOnClose whether close waits for the disks after an append
     */
    public FileOpener(
            MetadataCalls calls,
            LeaseKeeper leases,
            OutputFactory outputs,
            Clock clock,
            int window,
            boolean syncOnClose) {
        this.calls = calls;
        this.namespace = new NamespaceCalls(calls, leases.client());
        this.leases = leases;
        this.outputs = outputs;
        this.clock = clock;
        this.window = window;
        this.syncOnClose = syncOnClose;
    }

    /** Creates a file. */
    public TractOutput create(String path, CreateOptions options) throws TractException {
        leases.openSession();
        long sentMs = clock.monotonicMs();
        FileStatusMessage status = namespace.create(CreateRequest.newBuilder()
                .setPath(path)
                .setPermission(options.permission())
                .setOverwrite(options.overwrite())
                .setCreateParent(options.createParent())
                .setMustExist(options.mustExist())
                .setReplication(options.replication())
                .setBlockSize(options.blockSize())
                .setWindow(window)
                .build());
        return open(status, sentMs, options.syncOnClose(), true);
    }

    /** Opens a file at its end. */
    public TractOutput append(String path, boolean newSegment) throws TractException {
        leases.openSession();
        long sentMs = clock.monotonicMs();
        return open(namespace.append(path, newSegment), sentMs, syncOnClose, false);
    }

    private TractOutput open(FileStatusMessage status, long sentMs, boolean sync, boolean created)
            throws TractException {
        WriteTarget target = StatusDecoder.target(status);
        List<Segment> segments = StatusDecoder.info(status).segments();
        FileId id = new FileId(status.getFileId());
        Generation generation = target.generation();
        LeaseKeeper.FileLease lease = leases.opened(id, generation, sentMs);
        long last = segments.get(segments.size() - 1).length();
        long start = segments.stream().mapToLong(Segment::length).sum() - last;
        OutputFactory.Start place = new OutputFactory.Start(target, start, last, created);
        try {
            StripedOutput output =
                    outputs.open(new RemoteOpenFile(calls, leases.client(), id, generation), lease, place, sync);
            lease.track(output, output.remains());
            synchronized (opened) {
                opened.add(output);
            }
            return output;
        } catch (TractException e) {
            lease.close();
            throw e;
        }
    }

    /** Drops what is still open; nothing of it is completed. */
    public void close() {
        List<StripedOutput> all;
        synchronized (opened) {
            all = List.copyOf(opened);
            opened.clear();
        }
        all.forEach(StripedOutput::discard);
    }
}
