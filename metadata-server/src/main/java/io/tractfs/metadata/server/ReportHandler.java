package io.tractfs.metadata.server;

import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.ClusterView;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.StoreRegistration;
import io.tractfs.metadata.raft.PeerStatus;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.time.Clock;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.MetadataPeerReport;
import io.tractfs.wire.proto.ReportRequest;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreReport;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.RequestHandler;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of the cluster for administrators; answers also where this server does not lead. Thread-safe. */
final class ReportHandler implements RequestHandler<ReportRequest, ReportResponse> {
    private final ServerParts parts;
    private final Supplier<List<PeerStatus>> peers;
    private final Clock clock;

    ReportHandler(ServerParts parts, Supplier<List<PeerStatus>> peers, Clock clock) {
        this.parts = parts;
        this.peers = peers;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange<ReportRequest, ReportResponse> exchange) {
        exchange.body().release();
        boolean rows = exchange.message().getRows();
        parts.loop().ask(core -> core.view(rows, clock.nanoTime())).whenComplete((view, error) -> {
            if (error != null) {
                exchange.fail(WriteHandlers.failure(error));
            } else {
                parts.reads().answer(exchange, () -> report(view));
            }
        });
    }

    private ReportResponse report(ClusterView view) {
        ReportResponse.Builder report = ReportResponse.newBuilder();
        @Nullable LeaderView leader = parts.view();
        report.setMetadataServer(parts.config().name())
                .setRole(leader == null ? "follower" : "leader")
                .setGranted(view.granted())
                .setReadOnlyReason(parts.gate().isServing() ? "" : parts.gate().reason())
                .setInodeCount(parts.records().inodeCount())
                .setAppliedIndex(parts.records().appliedIndex())
                .setUnconfirmed(parts.records().areDeletesHeld());
        if (leader != null) {
            report.setEpoch(leader.epoch().value());
        }
        parts.records().layout().ifPresent(layout -> addLayout(report, layout, view));
        ClusterView.RowCounts counts = view.counts();
        report.setRowsInSync(counts.inSync())
                .setRowsRecovering(counts.recovering())
                .setRowsVacant(counts.vacant())
                .setRowsFrozen(counts.frozen())
                .setRowsDown(counts.down());
        Map<StoreId, StoreRegistration> register = parts.records().stores();
        view.stores().forEach(store -> report.addStores(store(store, register)));
        report.addAllRefused(parts.damage().refused());
        peers.get()
                .forEach(peer -> report.addMetadata(MetadataPeerReport.newBuilder()
                        .setName(peer.peer().name())
                        .setAddress(peer.peer().rpc().toString())
                        .setRole(peer.leads() ? "leader" : leader == null ? "unknown" : "follower")
                        .setLag(peer.lag())
                        .setSilentMs(peer.silentMs())));
        for (Row row : view.rows()) {
            report.addRows(RowCodec.encode(row));
        }
        return report.build();
    }

    private static void addLayout(ReportResponse.Builder report, ClusterLayout layout, ClusterView view) {
        report.setClusterId(IdCodec.encode(layout.cluster()))
                .setRowCount(layout.rows())
                .setColumnCount(layout.columns())
                .setInSync(view.granted() && view.counts().inSync() == layout.rows());
    }

    private StoreReport store(ClusterView.StoreView store, Map<StoreId, StoreRegistration> register) {
        DamageReports.Damage damage = parts.damage().of(store.ref().store());
        @Nullable StoreRegistration known = register.get(store.ref().store());
        StoreInfo info = store.info()
                .orElseGet(() -> new StoreInfo(store.ref(), known == null ? "" : known.server(), "", 0, ""));
        return StoreReport.newBuilder()
                .setInfo(StoreCodec.encode(info))
                .setState(store.state())
                .setCapacity(store.space().capacityBytes())
                .setUsed(store.space().usedBytes())
                .setFree(store.space().freeBytes())
                .setTractCount(store.space().tractCount())
                .setColumns(store.columns())
                .setColumnsInSync(store.columnsInSync())
                .setLastSeenMs(store.silentMs())
                .setFailure(store.failure())
                .setDamagedTracts(damage.tracts())
                .setDamagedBytes(damage.bytes())
                .setDraining(store.drain() != ClusterView.Drain.NONE)
                .setDrained(store.drain() == ClusterView.Drain.DRAINED)
                .setGivenUp(known != null && known.givenUp())
                .build();
    }
}
