package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.RegisterRequest;
import io.tractfs.wire.proto.RegisterStore;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestoreSessionTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 1));
    private static final Lineage LOST = new Lineage(new UUID(7, 7));

    private final EventLoops loops = new EventLoops("test", 1);
    private final RpcClient client =
            new RpcClient(RpcClientConfig.defaults(), Identity.of("test", CLUSTER, "test"), loops);
    private final List<Runnable> later = new ArrayList<>();
    private final RestoreSession session = new RestoreSession(client, later::add);

    @AfterEach
    void close() {
        client.close();
        loops.close();
    }

    private static StoreId store(int number) {
        return new StoreId(new UUID(0, number));
    }

    private static RegisterRequest report(int number, int epoch, long index) {
        return RegisterRequest.newBuilder()
                .setServer("tract-" + number)
                .addStores(RegisterStore.newBuilder()
                        .setRef(StoreCodec.encode(new StoreRef(store(number), new Incarnation(1))))
                        .setGarbageCursor(number)
                        .setLastSeen(LogPoint.newBuilder()
                                .setEpoch(epoch)
                                .setLineage(IdCodec.encode(LOST))
                                .setAppliedIndex(index)))
                .build();
    }

    private void runLater() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void waitsForEveryStoreAndNamesTheServersThatAreMissing() throws TractException {
        CompletableFuture<RestoreSession.Seen> all =
                session.open(Map.of(store(1), "tract-1", store(2), "tract-2"), store -> false);
        session.report(report(1, 3, 30));
        runLater();
        assertThat(all).isNotDone();
        assertThat(session.reason()).contains("missing: [tract-2]");

        session.report(report(2, 4, 40));
        runLater();

        assertThat(all.join()).isEqualTo(new RestoreSession.Seen(all.join().epochs(), 40, 2));
        assertThat(all.join().epochs())
                .containsExactlyInAnyOrder(
                        new ClusterCommand.SeenEpoch(new Epoch(3), LOST),
                        new ClusterCommand.SeenEpoch(new Epoch(4), LOST));
    }

    @Test
    void countsWhatIsReportedWhileItIsAboutToGoOn() throws TractException {
        CompletableFuture<RestoreSession.Seen> all = session.open(Map.of(store(1), "tract-1"), store -> false);
        session.report(report(1, 3, 30));
        session.report(report(9, 8, 900));
        runLater();

        assertThat(all.join().index()).isEqualTo(900);
    }

    @Test
    void hearsEverybodyAnewWhenAServerComesLateAndThenWaitsForItToo() throws TractException {
        CompletableFuture<RestoreSession.Seen> all = session.open(Map.of(store(1), "tract-1"), store -> false);
        session.report(report(1, 3, 30));
        runLater();
        assertThat(all).isDone();
        CompletableFuture<RestoredFloors> claims = session.claims(new Epoch(70_000), LOST, 31);
        assertThat(session.takesClaims()).isTrue();

        session.late(report(9, 8, 900));

        assertThat(claims).isCompletedExceptionally();
        CompletableFuture<RestoreSession.Seen> again = session.open(Map.of(store(1), "tract-1"), store -> false);
        session.report(report(1, 70_000, 31));
        runLater();
        assertThat(again).isNotDone();
        assertThat(session.reason()).contains("missing: [tract-9]");
        session.report(report(9, 8, 900));
        runLater();
        assertThat(again.join().index()).isEqualTo(900);
    }

    @Test
    void aLateStoreThatIsGivenUpHoldsNothingUp() throws TractException {
        session.open(Map.of(store(1), "tract-1"), store(9)::equals);
        session.report(report(1, 3, 30));
        runLater();
        session.late(report(9, 8, 900));

        CompletableFuture<RestoreSession.Seen> again = session.open(Map.of(store(1), "tract-1"), store(9)::equals);
        session.report(report(1, 3, 30));
        runLater();

        assertThat(again).isDone();
    }
}
