package io.tractfs.tract.server;

import io.netty.buffer.ByteBuf;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.reconcile.ReconcileEffect;
import io.tractfs.tract.reconcile.ReconcileEffect.DropDamage;
import io.tractfs.tract.reconcile.ReconcileEffect.Fetch;
import io.tractfs.tract.reconcile.ReconcileEffect.ListRow;
import io.tractfs.tract.reconcile.ReconcileEffect.LookUp;
import io.tractfs.tract.reconcile.ReconcileEffect.RecordLost;
import io.tractfs.tract.reconcile.ReconcileEffect.Seal;
import io.tractfs.tract.reconcile.ReconcileEvent;
import io.tractfs.tract.reconcile.ReconcileEvent.Failed;
import io.tractfs.tract.reconcile.ReconcileEvent.FetchRefused;
import io.tractfs.tract.reconcile.ReconcileEvent.Fetched;
import io.tractfs.tract.reconcile.ReconcileEvent.ListRefused;
import io.tractfs.tract.reconcile.ReconcileEvent.Listed;
import io.tractfs.tract.reconcile.ReconcileEvent.LookedUp;
import io.tractfs.tract.reconcile.ReconcileEvent.Lost;
import io.tractfs.tract.reconcile.ReconcileEvent.Pair;
import io.tractfs.tract.reconcile.ReconcileEvent.Sealed;
import io.tractfs.tract.reconcile.ReconcilePlan;
import io.tractfs.tract.reconcile.Stretch;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractStorage;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import io.tractfs.wire.proto.ListRowResponse;
import io.tractfs.wire.proto.ReadTractResponse;
import io.tractfs.wire.rpc.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what reconcile sessions want: calls on the network, blocking work on the store's reconcile threads; each effect
 * ends in one event. Thread-safe.
 */
final class ReconcileWork {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileWork.class);

    private final TractStorage tracts;
    private final Admissions admissions;
    private final Tombstones tombstones;
    private final SourceProxy sources;
    private final Executor disk;
    private final TractServerMetrics metrics;
    private final AtomicLong fetchedBytes = new AtomicLong();

    ReconcileWork(
            TractStorage tracts,
            Admissions admissions,
            Tombstones tombstones,
            SourceProxy sources,
            Executor disk,
            TractServerMetrics metrics) {
        this.tracts = tracts;
        this.admissions = admissions;
        this.tombstones = tombstones;
        this.sources = sources;
        this.disk = disk;
        this.metrics = metrics;
    }

    /** Bytes that were fetched so far. */
    long fetchedBytes() {
        return fetchedBytes.get();
    }

    /** Does one effect; the event may come on any thread. */
    void perform(ReconcilePlan plan, ReconcileEffect effect, Consumer<ReconcileEvent> events) {
        if (effect instanceof ListRow ask) {
            list(ask, events);
        } else if (effect instanceof LookUp lookUp) {
            onDisk(events, () -> lookUp(lookUp));
        } else if (effect instanceof Fetch fetch) {
            fetch(plan, fetch.stretch(), events);
        } else if (effect instanceof RecordLost lost) {
            Stretch stretch = lost.stretch();
            onDisk(events, () -> {
                recordLost(plan, stretch);
                return new Lost(stretch);
            });
        } else if (effect instanceof DropDamage drop) {
            Stretch stretch = drop.stretch();
            onDisk(events, () -> {
                tracts.dropDamage(stretch.remote().tract(), stretch.from());
                return new Lost(stretch);
            });
        } else if (effect instanceof Seal seal) {
            onDisk(events, () -> seal(seal));
        }
    }

    /** Every row is in sync and nothing is being fetched: what was deleted meanwhile cannot come back any more. */
    void allInSync() {
        try {
            tombstones.clear();
        } catch (TractException e) {
            LOG.warn("event=tombstones-kept reason={}", e.getMessage());
        }
    }

    private void list(ListRow ask, Consumer<ReconcileEvent> events) {
        sources.list(ask).whenComplete((response, failure) -> {
            if (failure != null) {
                events.accept(new ListRefused(ask.source(), StoreReconciler.code(failure)));
            } else {
                events.accept(listed(ask, response));
            }
        });
    }

    private static ReconcileEvent listed(ListRow ask, ListRowResponse response) {
        try {
            return new Listed(
                    ask.source(),
                    SourceProxy.states(response.getTractsList()),
                    response.getMore(),
                    response.getMerging());
        } catch (TractException e) {
            return new ListRefused(ask.source(), e.code());
        }
    }

    private ReconcileEvent lookUp(LookUp lookUp) throws TractException {
        List<Pair> pairs = new ArrayList<>(lookUp.tracts().size());
        for (TractState remote : lookUp.tracts()) {
            pairs.add(new Pair(
                    remote,
                    tracts.state(remote.tract()),
                    tombstones.contains(remote.tract().blob())));
        }
        return new LookedUp(lookUp.source(), pairs);
    }

    /** A blob that was deleted meanwhile is not lost: every holder has dropped it. */
    private void recordLost(ReconcilePlan plan, Stretch stretch) throws TractException {
        BlobId blob = stretch.remote().tract().blob();
        if (tombstones.contains(blob)) {
            return;
        }
        tracts.recordLost(stretch.remote(), plan.row(), stretch.from(), stretch.to());
        if (tombstones.contains(blob)) {
            tracts.remove(blob);
        }
    }

    private ReconcileEvent seal(Seal seal) throws TractException {
        try {
            tracts.sync(seal.tract());
        } catch (TractException e) {
            // A blob that was deleted since leaves nothing to sync, nor does one of which nothing can be read.
            if (e.code() != ErrorCode.TRACT_NOT_FOUND && e.code() != ErrorCode.DAMAGED) {
                throw e;
            }
        }
        return new Sealed(seal.tract());
    }

    private void fetch(ReconcilePlan plan, Stretch stretch, Consumer<ReconcileEvent> events) {
        if (stretch.isEmpty()) {
            onDisk(events, () -> take(plan, stretch, ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
            return;
        }
        sources.read(stretch, plan.row(), plan.version()).whenComplete((reply, failure) -> {
            if (failure != null) {
                events.accept(new FetchRefused(stretch, StoreReconciler.code(failure)));
                return;
            }
            boolean handed = onDisk(events, () -> {
                try (reply) {
                    return complaining(plan, stretch, take(plan, stretch, reply));
                }
            });
            if (!handed) {
                reply.close();
            }
        });
    }

    /** The source sends its pages unread: it is told if they do not verify, and looks for itself (P28). */
    private ReconcileEvent complaining(ReconcilePlan plan, Stretch stretch, ReconcileEvent event) {
        if (event instanceof FetchRefused refused && refused.code() == ErrorCode.CHECKSUM_MISMATCH) {
            LOG.warn(
                    "event=damage-received tract={} source={} from={}",
                    stretch.remote().tract(),
                    stretch.source(),
                    stretch.from());
            sources.reportDamage(stretch, plan.row(), plan.version());
        }
        return event;
    }

    private ReconcileEvent take(ReconcilePlan plan, Stretch stretch, Reply<ReadTractResponse> reply)
            throws TractException {
        ReadTractResponse response = reply.message();
        ByteBuf body = reply.body();
        int length = response.getDataLength();
        int checksumBytes = ChunkChecksums.chunkCount(Math.max(0, length)) * Integer.BYTES;
        if (response.getDataOffset() != stretch.from() || length < stretch.to() - stretch.from()) {
            return new FetchRefused(stretch, ErrorCode.SHORT);
        }
        if (body.readableBytes() != checksumBytes + length) {
            return new FetchRefused(stretch, ErrorCode.CHECKSUM_MISMATCH);
        }
        ByteBuffer checksums = body.nioBuffer(body.readerIndex(), checksumBytes);
        ByteBuffer data = body.nioBuffer(body.readerIndex() + checksumBytes, length);
        int firstChunk = stretch.from() / ChunkChecksums.CHUNK_SIZE;
        if (ChunkChecksums.firstBad(stretch.remote().tract(), firstChunk, data, checksums) >= 0) {
            return new FetchRefused(stretch, ErrorCode.CHECKSUM_MISMATCH);
        }
        metrics.reconciled(length);
        fetchedBytes.addAndGet(length);
        return take(plan, stretch, checksums, data);
    }

    /** Hands bytes to the storage, unless the blob was deleted; one that is deleted in this instant is removed again. */
    private ReconcileEvent take(ReconcilePlan plan, Stretch stretch, ByteBuffer checksums, ByteBuffer data)
            throws TractException {
        TractState remote = stretch.remote();
        if (!tombstones.contains(remote.tract().blob())) {
            try {
                TractState after =
                        tracts.reconcile(new ReconciledBytes(remote, plan.row(), stretch.from(), checksums, data));
                admissions.of(plan.row()).afterReconcile(plan.version(), after);
            } catch (TractException e) {
                return refusedHere(stretch, e);
            }
            if (tombstones.contains(remote.tract().blob())) {
                tracts.remove(remote.tract().blob());
            }
        }
        return new Fetched(stretch);
    }

    private static ReconcileEvent refusedHere(Stretch stretch, TractException error) throws TractException {
        if (error.code() == ErrorCode.CONFLICTING_BYTES) {
            LOG.error(
                    "event=conflicting-bytes tract={} source={} reason={}",
                    stretch.remote().tract(),
                    stretch.source(),
                    error.getMessage());
            return new FetchRefused(stretch, error.code());
        }
        if (error.code() == ErrorCode.CHECKSUM_MISMATCH) {
            return new FetchRefused(stretch, error.code());
        }
        throw error;
    }

    /** Runs blocking work; whether it was taken. */
    private boolean onDisk(Consumer<ReconcileEvent> events, DiskWork work) {
        try {
            disk.execute(() -> {
                try {
                    events.accept(work.run());
                } catch (TractException | RuntimeException e) {
                    events.accept(new Failed(StoreReconciler.code(e)));
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            events.accept(new Failed(ErrorCode.BUSY));
            return false;
        }
    }

    private interface DiskWork {
        ReconcileEvent run() throws TractException;
    }
}
