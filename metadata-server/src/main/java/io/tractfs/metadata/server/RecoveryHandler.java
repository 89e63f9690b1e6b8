package io.tractfs.metadata.server;

import io.tractfs.metadata.assignment.ClusterView;
import io.tractfs.metadata.server.RecoveryLog.Recovery;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.RecoveryMessage;
import io.tractfs.wire.proto.RecoveryRequest;
import io.tractfs.wire.proto.RecoveryResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.RequestHandler;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Tells how recovery goes, and looks at the table so that it can. Thread-safe. */
final class RecoveryHandler implements RequestHandler<RecoveryRequest, RecoveryResponse> {
    private static final Set<String> GONE = Set.of("DEAD", "FAILED");

    private final ServerParts parts;
    private final RecoveryLog recoveries;
    private final Clock clock;

    RecoveryHandler(ServerParts parts, RecoveryLog recoveries, Clock clock) {
        this.parts = parts;
        this.recoveries = recoveries;
        this.clock = clock;
    }

    /** Looks at the table; to be called every second or so. */
    void look() {
        if (parts.view() == null) {
            recoveries.forget();
            return;
        }
        parts.loop().ask(core -> core.view(false, clock.nanoTime())).thenAccept(this::observe);
    }

    private void observe(ClusterView view) {
        int left = view.granted() ? left(view) : 0;
        recoveries.observe(left, TimeUnit.NANOSECONDS.toMillis(clock.nanoTime()));
    }

    private static int left(ClusterView view) {
        int left = 0;
        for (ClusterView.StoreView store : view.stores()) {
            // What a store that is gone had is not on its way yet: a plan has to come first, or the store itself.
            left += GONE.contains(store.state()) ? 0 : store.columns() - store.columnsInSync();
        }
        return left;
    }

    @Override
    public void handle(Exchange<RecoveryRequest, RecoveryResponse> exchange) {
        exchange.body().release();
        if (parts.view() == null) {
            exchange.fail(parts.notLeading());
            return;
        }
        parts.loop().ask(core -> core.view(false, clock.nanoTime())).whenComplete((view, error) -> {
            if (error != null) {
                exchange.fail(WriteHandlers.failure(error));
            } else {
                observe(view);
                exchange.reply(response(view));
            }
        });
    }

    private RecoveryResponse response(ClusterView view) {
        RecoveryResponse.Builder response = RecoveryResponse.newBuilder()
                .setRows(view.counts().recovering() + view.counts().planned())
                .setPlannedRows(view.counts().planned())
                .setFrozenRows(view.counts().frozen())
                .setDownRows(view.counts().down())
                .setColumns(left(view));
        for (Recovery recovery : recoveries.recoveries()) {
            response.addRecoveries(RecoveryMessage.newBuilder()
                    .setNumber(recovery.number())
                    .setEnded(recovery.ended())
                    .setDurationMs(recovery.durationMs())
                    .setColumns(recovery.columns())
                    .setColumnsLeft(recovery.left())
                    .setBytes(recovery.bytes())
                    .setBytesPerSecond(recovery.rate())
                    .setRemainingMs(recovery.remainingMs())
                    .setRemainingBytes(recovery.remainingBytes()));
        }
        return response.build();
    }
}
