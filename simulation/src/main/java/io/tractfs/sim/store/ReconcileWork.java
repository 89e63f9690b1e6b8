package io.tractfs.sim.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.Peers.StorePeer;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Bytes;
import io.tractfs.sim.protocol.StoreService.Page;
import io.tractfs.tract.reconcile.ReconcileEffect;
import io.tractfs.tract.reconcile.ReconcileEvent;
import io.tractfs.tract.reconcile.ReconcilePlan;
import io.tractfs.tract.reconcile.Stretch;
import io.tractfs.tract.server.Tombstones;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Does what reconcile sessions want; each effect ends in one event, after some time. Not thread-safe. */
final class ReconcileWork {
    private static final long LIST_NANOS = 2_000_000_000;
    private static final long READ_NANOS = 3_000_000_000L;

    private final StoreParts parts;
    private final Tombstones tombstones;

    ReconcileWork(StoreParts parts, Tombstones tombstones) {
        this.parts = parts;
        this.tombstones = tombstones;
    }

    /** Every row is in sync and nothing is being fetched: what was deleted meanwhile cannot come back any more. */
    void allInSync() {
        try {
            tombstones.clear();
        } catch (TractException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isDeleted(TractState remote) {
        return !parts.off().contains(Rule.TOMBSTONES_ARE_KEPT)
                && tombstones.contains(remote.tract().blob());
    }

    /** Does one effect. */
    void perform(ReconcilePlan plan, ReconcileEffect effect, Consumer<ReconcileEvent> events) {
        if (effect instanceof ReconcileEffect.ListRow ask) {
            list(ask, events);
        } else if (effect instanceof ReconcileEffect.LookUp lookUp) {
            onDisk(events, () -> lookUp(lookUp));
        } else if (effect instanceof ReconcileEffect.Fetch fetch) {
            fetch(plan, fetch.stretch(), events);
        } else if (effect instanceof ReconcileEffect.RecordLost lost) {
            Stretch stretch = lost.stretch();
            onDisk(events, () -> {
                if (!isDeleted(stretch.remote())) {
                    parts.disk().tracts().recordLost(stretch.remote(), plan.row(), stretch.from(), stretch.to());
                }
                return new ReconcileEvent.Lost(stretch);
            });
        } else if (effect instanceof ReconcileEffect.DropDamage drop) {
            Stretch stretch = drop.stretch();
            onDisk(events, () -> {
                parts.disk().tracts().dropDamage(stretch.remote().tract(), stretch.from());
                return new ReconcileEvent.Lost(stretch);
            });
        } else if (effect instanceof ReconcileEffect.Seal seal) {
            onDisk(events, () -> seal(seal));
        }
    }

    private void list(ReconcileEffect.ListRow ask, Consumer<ReconcileEvent> events) {
        StorePeer source = parts.peers().store(ask.source().store());
        parts.network()
                .<Page>call(
                        parts.process(),
                        source.process(),
                        "list row " + ask.row() + " @" + ask.version(),
                        LIST_NANOS,
                        answer -> source.service()
                                .list(
                                        new StoreService.ListRow(
                                                ask.source(),
                                                ask.row(),
                                                ask.version(),
                                                ask.classes(),
                                                ask.after(),
                                                ask.limit()),
                                        answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<Page> page) {
                                events.accept(new ReconcileEvent.Listed(
                                        ask.source(),
                                        page.value().tracts(),
                                        page.value().more(),
                                        page.value().merging()));
                            } else if (outcome instanceof Outcome.Failed<Page> failed) {
                                events.accept(new ReconcileEvent.ListRefused(
                                        ask.source(), failed.error().code()));
                            }
                        });
    }

    private ReconcileEvent lookUp(ReconcileEffect.LookUp lookUp) throws TractException {
        List<ReconcileEvent.Pair> pairs = new ArrayList<>(lookUp.tracts().size());
        for (TractState remote : lookUp.tracts()) {
            pairs.add(new ReconcileEvent.Pair(remote, parts.disk().tracts().state(remote.tract()), isDeleted(remote)));
        }
        return new ReconcileEvent.LookedUp(lookUp.source(), pairs);
    }

    private ReconcileEvent seal(ReconcileEffect.Seal seal) throws TractException {
        if (!parts.off().contains(Rule.SEAL_BEFORE_STATE)) {
            try {
                parts.disk().tracts().sync(seal.tract());
            } catch (TractException e) {
                // A blob that was deleted since leaves nothing to sync.
                if (e.code() != ErrorCode.TRACT_NOT_FOUND && e.code() != ErrorCode.DAMAGED) {
                    throw e;
                }
            }
        }
        return new ReconcileEvent.Sealed(seal.tract());
    }

    private void fetch(ReconcilePlan plan, Stretch stretch, Consumer<ReconcileEvent> events) {
        if (stretch.isEmpty()) {
            onDisk(events, () -> take(plan, stretch, ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
            return;
        }
        StorePeer source = parts.peers().store(stretch.source().store());
        Address address = new Address(stretch.source(), stretch.remote().tract(), plan.row(), plan.version());
        parts.network()
                .<Bytes>call(
                        parts.process(),
                        source.process(),
                        "fetch " + stretch.remote().tract() + " " + stretch.from() + "-" + stretch.to(),
                        READ_NANOS,
                        answer -> source.service()
                                .read(
                                        new StoreService.Read(
                                                address, stretch.from(), stretch.to() - stretch.from(), true),
                                        answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<Bytes> bytes) {
                                onDisk(events, () -> complaining(source, address, take(plan, stretch, bytes.value())));
                            } else if (outcome instanceof Outcome.Failed<Bytes> failed) {
                                events.accept(new ReconcileEvent.FetchRefused(
                                        stretch, failed.error().code()));
                            }
                        });
    }

    /** The source sends its pages unread: it is told if they do not verify, and looks for itself (P28). */
    private ReconcileEvent complaining(StorePeer source, Address address, ReconcileEvent event) {
        if (event instanceof ReconcileEvent.FetchRefused refused && refused.code() == ErrorCode.CHECKSUM_MISMATCH) {
            parts.network()
                    .<Boolean>call(
                            parts.process(),
                            source.process(),
                            "damage of " + address.tract(),
                            READ_NANOS,
                            answer -> source.service().damage(address, answer),
                            outcome -> {});
        }
        return event;
    }

    private ReconcileEvent take(ReconcilePlan plan, Stretch stretch, Bytes bytes) throws TractException {
        if (bytes.offset() != stretch.from() || bytes.data().length < stretch.to() - stretch.from()) {
            return new ReconcileEvent.FetchRefused(stretch, ErrorCode.SHORT);
        }
        ByteBuffer checksums = ByteBuffer.wrap(bytes.checksums());
        ByteBuffer data = ByteBuffer.wrap(bytes.data());
        int firstChunk = stretch.from() / ChunkChecksums.CHUNK_SIZE;
        if (ChunkChecksums.firstBad(stretch.remote().tract(), firstChunk, data, checksums) >= 0) {
            return new ReconcileEvent.FetchRefused(stretch, ErrorCode.CHECKSUM_MISMATCH);
        }
        return take(plan, stretch, checksums, data);
    }

    private ReconcileEvent take(ReconcilePlan plan, Stretch stretch, ByteBuffer checksums, ByteBuffer data)
            throws TractException {
        if (isDeleted(stretch.remote())) {
            return new ReconcileEvent.Fetched(stretch);
        }
        try {
            TractState after = parts.disk()
                    .reconcile(new ReconciledBytes(stretch.remote(), plan.row(), stretch.from(), checksums, data));
            parts.admissions().of(plan.row()).afterReconcile(plan.version(), after);
            if (tombstones.contains(stretch.remote().tract().blob())) {
                parts.disk().revived(stretch.remote().tract());
            }
        } catch (TractException e) {
            if (e.code() == ErrorCode.CONFLICTING_BYTES || e.code() == ErrorCode.CHECKSUM_MISMATCH) {
                return new ReconcileEvent.FetchRefused(stretch, e.code());
            }
            throw e;
        }
        return new ReconcileEvent.Fetched(stretch);
    }

    private void onDisk(Consumer<ReconcileEvent> events, DiskWork work) {
        parts.process().after(parts.timing().reconcileNanos(), () -> {
            ReconcileEvent event;
            try {
                event = work.run();
            } catch (TractException e) {
                event = new ReconcileEvent.Failed(e.code());
            }
            events.accept(event);
        });
    }

    private interface DiskWork {
        ReconcileEvent run() throws TractException;
    }
}
