package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.tract.store.TractStorage.StorageSpace;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.BehindStore;
import io.tractfs.wire.proto.HeartbeatRequest;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.RefusedDirectoryMessage;
import io.tractfs.wire.proto.RefusedStore;
import io.tractfs.wire.proto.RegisterRequest;
import io.tractfs.wire.proto.RegisterResponse;
import io.tractfs.wire.proto.RegisterStore;
import io.tractfs.wire.proto.StoreHeartbeat;
import io.tractfs.wire.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server says of its stores, and what it makes of the answer: a metadata server of another cluster, or one
 * whose log lacks what a store has seen (P29), is refused by that store. Confined to the metadata thread, but
 * for {@link #announces}.
 */
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final TractServerConfig config;
    private final HostPort advertised;
    private final int webPort;
    private final String software;
    private final Stores stores;
    private final Layout layout;
    private final Map<StoreRef, RefusedDirectory> refused = new ConcurrentHashMap<>();

    Registration(
            TractServerConfig config, HostPort advertised, int webPort, String software, Stores stores, Layout layout) {
        this.config = config;
        this.advertised = advertised;
        this.webPort = webPort;
        this.software = software;
        this.stores = stores;
        this.layout = layout;
    }

    /** The stores that work. */
    RegisterRequest request() throws TractException, InterruptedException {
        RegisterRequest.Builder request = RegisterRequest.newBuilder()
                .setServer(config.name())
                .setHost(advertised.host())
                .setPort(advertised.port())
                .setWebPort(webPort)
                .setDomain(config.domain())
                .setSoftwareVersion(software);
        for (ServedStore store : stores.all()) {
            if (store.tracts().failure().isEmpty()) {
                request.addStores(describe(store));
            }
        }
        return request.build();
    }

    /** Whether a registration names a store; may be called from any thread. */
    boolean announces(StoreRef ref) {
        return stores.all().stream()
                .anyMatch(store ->
                        store.ref().equals(ref) && store.tracts().failure().isEmpty());
    }

    /** A sign of life. */
    HeartbeatRequest heartbeat(boolean leaving) {
        HeartbeatRequest.Builder request = HeartbeatRequest.newBuilder().setServer(config.name());
        for (ServedStore store : stores.all()) {
            StorageSpace space = store.tracts().space();
            String failure = store.tracts().failure().orElse("");
            request.addStores(StoreHeartbeat.newBuilder()
                    .setRef(StoreCodec.encode(store.ref()))
                    .setCapacity(space.capacity())
                    .setUsed(space.used())
                    .setFree(space.free())
                    .setWriteSequence(space.writeSequence())
                    .setGarbageCursor(store.garbage().reported())
                    .setFailed(!failure.isEmpty())
                    .setFailure(failure)
                    .setTractCount(space.tractCount())
                    .setDamagedTracts(store.damage().damage().tracts())
                    .setDamagedBytes(store.damage().damage().bytes())
                    .setReconciledBytes(store.reconciler().fetchedBytes())
                    .setLeaving(leaving));
        }
        for (RefusedDirectory refused : refusedDirectories()) {
            request.addRefused(RefusedDirectoryMessage.newBuilder()
                    .setDirectory(refused.directory())
                    .setReason(refused.reason()));
        }
        return request.build();
    }

    private List<RefusedDirectory> refusedDirectories() {
        List<RefusedDirectory> all = new ArrayList<>(stores.refused());
        all.addAll(refused.values());
        return all;
    }

    /**
     * Takes the layout and shows the history to every store.
     *
     * @throws TractException WRONG_CLUSTER, or LINEAGE_MISMATCH if a store refuses the server
     */
    void accept(HostPort server, RegisterResponse response) throws TractException, InterruptedException {
        ClusterId cluster = IdCodec.cluster(response.getClusterId());
        List<LeaderPoint> history = new ArrayList<>();
        for (LogPoint point : response.getHistoryList()) {
            history.add(ControlHandlers.point(point));
        }
        for (BehindStore behind : response.getBehindList()) {
            // Before the epoch is shown: claims are not given earlier.
            lostWrites(IdCodec.store(behind.getStore()), behind.getWriteSequence());
        }
        for (RefusedStore store : response.getRefusedList()) {
            refuse(
                    IdCodec.store(store.getStore()),
                    store.getReason(),
                    new Incarnation(Math.max(0, store.getIncarnation())));
        }
        for (ServedStore store : stores.all()) {
            if (store.tracts().failure().isPresent()) {
                continue; // It can note nothing; the others go on.
            }
            if (!store.open().cluster().equals(cluster)) {
                throw new TractException(
                        ErrorCode.WRONG_CLUSTER,
                        "metadata server " + server + " is of cluster " + cluster + ", store " + store.ref() + " of "
                                + store.open().cluster());
            }
            store.garbage().begin(response.getGarbageStart());
            await(store.control().show(history));
            store.open().adoptLayout(response.getRowCount());
        }
        if (Integer.bitCount(response.getRowCount()) != 1) {
            throw new TractException(
                    ErrorCode.MALFORMED, "the number of rows is a power of two, not " + response.getRowCount());
        }
        layout.adopt(response.getRowCount());
        LOG.info(
                "event=registered server={} metadata={} stores={} rows={} epochs={}",
                config.name(),
                server,
                stores.all().size(),
                response.getRowCount(),
                history.size());
    }

    private void lostWrites(StoreId id, long seen) throws TractException, InterruptedException {
        for (ServedStore store : stores.all()) {
            if (store.ref().store().equals(id)) {
                LOG.error(
                        "event=writes-lost store={} sequence={} seen={} reason=\"the disk is an old copy\"",
                        store.ref(),
                        store.tracts().space().writeSequence(),
                        seen);
                store.open().lostWrites(seen);
                boolean unused = await(store.control().lostWrites());
            }
        }
    }

    private void refuse(StoreId id, String reason, Incarnation registered) {
        for (ServedStore store : stores.all()) {
            if (store.ref().store().equals(id)) {
                LOG.error("event=store-refused store={} reason=\"{}\"", store.ref(), reason);
                refused.put(store.ref(), new RefusedDirectory(store.open().name(), reason));
                store.open().refused(reason, registered);
            }
        }
    }

    private static RegisterStore describe(ServedStore store) throws TractException, InterruptedException {
        StorageSpace space = store.tracts().space();
        LeaderPoint seen = await(store.control().leader());
        RegisterStore.Builder description = RegisterStore.newBuilder()
                .setRef(StoreCodec.encode(store.ref()))
                .setUnclean(await(store.control().isUnclean()))
                .setWriteSequence(space.writeSequence())
                .setCapacity(space.capacity())
                .setFree(space.free())
                .setGarbageCursor(store.garbage().reported());
        if (!seen.epoch().equals(Epoch.NONE)) {
            description.setLastSeen(LogPoint.newBuilder()
                    .setEpoch(seen.epoch().value())
                    .setLineage(IdCodec.encode(seen.lineage()))
                    .setAppliedIndex(seen.appliedIndex()));
        }
        return description.build();
    }

    private static <T> T await(java.util.concurrent.CompletableFuture<T> future)
            throws TractException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw Failures.of(e);
        }
    }
}
