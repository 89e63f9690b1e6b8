package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.inSync;
import static io.tractfs.tract.gate.GateFixture.leader;
import static io.tractfs.tract.gate.GateFixture.recovering;
import static io.tractfs.tract.gate.GateFixture.store;
import static io.tractfs.tract.gate.GateFixture.version;
import static io.tractfs.tract.server.ServerCalls.TRACT;
import static io.tractfs.tract.server.ServerCalls.V1;
import static io.tractfs.tract.server.ServerCalls.V2;
import static io.tractfs.tract.server.ServerCalls.assertRefused;
import static io.tractfs.tract.server.ServerCalls.bytes;
import static io.tractfs.tract.server.ServerCalls.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.Pieces;
import io.tractfs.wire.proto.CutTractRequest;
import io.tractfs.wire.proto.EnsureTractRequest;
import io.tractfs.wire.proto.FenceTractRequest;
import io.tractfs.wire.proto.HeartbeatRequest;
import io.tractfs.wire.proto.ProbeRequest;
import io.tractfs.wire.proto.ProposalAnswer;
import io.tractfs.wire.proto.ReportHeldRequest;
import io.tractfs.wire.proto.TailRequest;
import io.tractfs.wire.proto.TailResponse;
import io.tractfs.wire.proto.WriteTractRequest;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.Methods;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole servers on loopback with stores in memory; the test plays the leader and the clients. */
class TractServerIT {
    private Cluster cluster;
    private MemoryStore storeA;

    @BeforeEach
    void startOneServer() throws Exception {
        cluster = new Cluster();
        cluster.metadata.history.add(leader(1));
        storeA = MemoryStore.empty(A, cluster.id, Cluster.ROWS);
        cluster.start(storeA);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void readsBackWhatWasWrittenWithChecksumsThatVerify() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        byte[] data = bytes(5000);

        assertThat(cluster.write(A, TRACT, V1, 0, data).getLength()).isEqualTo(5000);

        ByteBuffer read = ServerCalls.read(cluster, 700, 2000);
        byte[] expected = new byte[2560];
        System.arraycopy(data, 512, expected, 0, 2560);
        assertThat(read).isEqualTo(ByteBuffer.wrap(expected));
    }

    @Test
    void refusesAWriteUnderAnOlderVersionAndSaysWhichItHolds() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.assign(leader(1), row(V2, inSync(A, 0)), V1, A);

        assertThatThrownBy(() -> cluster.write(A, TRACT, V1, 0, bytes(10)))
                .isInstanceOfSatisfying(TractException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.STALE_VERSION);
                    assertThat(refusal.version()).isEqualTo(V2);
                });
        assertRefused(ErrorCode.BEHIND_VERSION, () -> cluster.write(A, TRACT, version(1, 3), 0, bytes(10)));
    }

    @Test
    void servesClosedReadsUnderAnyVersionAndStart() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));
        cluster.assign(leader(1), row(V2, inSync(A, 0)), V1, A);

        assertThat(ServerCalls.read(cluster, 0, 600).remaining()).isEqualTo(600);
    }

    @Test
    void refusesAnotherIncarnationAndAnotherRow() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);

        assertRefused(ErrorCode.STALE_INCARNATION, () -> cluster.write(store(1, 2), TRACT, V1, 0, bytes(10)));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () -> cluster.call(
                        A,
                        Methods.TAIL,
                        TailRequest.newBuilder()
                                .setAddress(Cluster.address(A, TRACT, V1).toBuilder()
                                        .setRow(RowHash.rowOf(TRACT, Cluster.ROWS) ^ 1))
                                .build()));
    }

    @Test
    void fencesAnOlderWriterAndReportsTheLength() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));

        TailResponse fenced = cluster.call(
                A,
                Methods.FENCE_TRACT,
                FenceTractRequest.newBuilder()
                        .setAddress(Cluster.address(A, TRACT, V1))
                        .setGeneration(2)
                        .setReplication(3)
                        .setTractSize(1 << 20)
                        .build());

        assertThat(fenced.getLength()).isEqualTo(600);
        assertThat(fenced.getHolder()).isTrue();
        assertRefused(ErrorCode.GENERATION_FENCED, () -> cluster.write(A, TRACT, V1, 600, bytes(10)));
        cluster.call(
                A,
                Methods.CUT_TRACT,
                CutTractRequest.newBuilder()
                        .setAddress(Cluster.address(A, TRACT, V1))
                        .setGeneration(2)
                        .setLength(100)
                        .build());
        assertThat(tail(A, V1).getLength()).isEqualTo(100);
    }

    // P10, P22: what is there is told by length, and what was written under which version.
    @Test
    void tellsAfterAVersionChangeWhatItHasAndWhatIsNew() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));
        cluster.assign(leader(1), row(V2, inSync(A, 0)), V1, A);

        assertThat(cluster.call(
                                A,
                                Methods.ENSURE_TRACT,
                                EnsureTractRequest.newBuilder()
                                        .setAddress(Cluster.address(A, TRACT, V2))
                                        .setGeneration(1)
                                        .setLength(1000)
                                        .setSync(true)
                                        .build())
                        .getLength())
                .isEqualTo(600);
        cluster.write(A, TRACT, V2, 600, bytes(40));

        assertThat(tail(A, V2).getLength()).isEqualTo(640);
        assertThat(tail(A, V2).getLengthAtVersion()).isEqualTo(600);
    }

    @Test
    void refusesABodyThatDoesNotFitOrDoesNotVerify() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);

        assertRefused(ErrorCode.MALFORMED, () -> cluster.write(A, TRACT, V1, (1 << 20) - 5, bytes(10)));
        TractId other = new TractId(new BlobId(77), 2 + Cluster.ROWS);
        assertRefused(ErrorCode.CHECKSUM_MISMATCH, () -> writeChecksummedFor(other));
    }

    // A7, P11, I4: a replacement gets what it lacks, keeps what it was sent meanwhile, and then says so.
    @Test
    void bringsARecoveringMemberUpToDateAndReportsIt() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        byte[] data = bytes(3 << 10);
        cluster.write(A, TRACT, V1, 0, data);
        MemoryStore storeB = MemoryStore.empty(B, cluster.id, Cluster.ROWS);
        cluster.start(storeB);

        Row joined = row(V2, inSync(A, 0), recovering(B));
        cluster.grant(leader(1), B);
        cluster.propose(leader(1), joined, V1, A);
        ProposalAnswer answer = cluster.propose(leader(1), joined, V1, B);
        cluster.write(B, TRACT, V2, 4096, bytes(100));
        cluster.publish(leader(1), joined, A);
        cluster.publish(leader(1), joined, B);

        assertThat(answer.getHeld()).isZero();
        ReportHeldRequest report = cluster.metadata.reports.poll(20, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        assertThat(report.getRows(0).getVersion()).isEqualTo(V2.value());
        assertThat(report.getRows(0).getHeld())
                .isEqualTo(ClassSet.ofColumn(1, 3).bits());
        assertThat(storeB.tracts().state(TRACT).orElseThrow().length()).isEqualTo(data.length);
        assertThat(tail(B, V2).getHolder()).isTrue();
    }

    @Test
    void repeatsAReportAfterItsRegistrationWhereItWasNotKnown() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.start(MemoryStore.empty(B, cluster.id, Cluster.ROWS));
        Row joined = row(V2, inSync(A, 0), recovering(B));
        cluster.metadata.registrations.clear();
        cluster.metadata.reportsRefused.set(1);

        cluster.assign(leader(1), joined, V1, A);
        cluster.assign(leader(1), joined, V1, B);

        ReportHeldRequest refused = cluster.metadata.reports.poll(20, TimeUnit.SECONDS);
        assertThat(refused).isNotNull();
        assertThat(cluster.metadata.registrations.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(cluster.metadata.reports.poll(20, TimeUnit.SECONDS)).isEqualTo(refused);
    }

    // A14: nothing is emptied for a proposal alone.
    @Test
    void keepsARowThatAPlanTookAwayUntilItIsOrderedToEmptyIt() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));

        assertThat(cluster.propose(leader(1), row(V2, inSync(B, 0)), V1, A).getAccepted())
                .isFalse();
        assertThat(storeA.tracts().state(TRACT)).isPresent();
    }

    @Test
    void deletesWhatTheGarbageLogNames() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));
        cluster.metadata.remove(TRACT.blob());

        HeartbeatRequest heartbeat = cluster.metadata.heartbeats.take();
        while (heartbeat.getStores(0).getGarbageCursor() < 1) {
            heartbeat = cluster.metadata.heartbeats.take();
        }
        assertThat(storeA.tracts().state(TRACT)).isEmpty();
    }

    @Test
    void announcesThatItLeavesAndAnswersProbesBefore() throws Exception {
        assertThat(cluster.call(A, Methods.PROBE, ProbeRequest.getDefaultInstance())
                        .getStoresCount())
                .isEqualTo(1);

        cluster.close();

        assertThat(cluster.metadata.heartbeats)
                .last()
                .satisfies(last -> assertThat(last.getStores(0).getLeaving()).isTrue());
    }

    // A source that has yet to hear of the version is asked again.
    @Test
    void triesAgainWhenTheSourceIsNotReady() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));
        MemoryStore storeB = MemoryStore.empty(B, cluster.id, Cluster.ROWS);
        cluster.start(storeB);
        Row joined = row(V2, inSync(A, 0), recovering(B));

        cluster.assign(leader(1), joined, V1, B);
        assertThat(storeB.tracts().state(TRACT)).isEmpty();
        cluster.assign(leader(1), joined, V1, A);

        assertThat(cluster.metadata.reports.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(storeB.tracts().state(TRACT).orElseThrow().length()).isEqualTo(600);
    }

    // P27: only who still gets the beginning from others takes what comes after it.
    @Test
    void takesAGapOnlyWhileItRecoversAndOtherBytesNever() throws Exception {
        MemoryStore storeB = MemoryStore.empty(B, cluster.id, Cluster.ROWS);
        cluster.start(storeB);
        Row row = row(V1, inSync(A, 0), recovering(B));
        // Its source does not know the row yet, so it goes on recovering.
        cluster.assign(leader(1), row, RowVersion.NONE, B);

        assertThat(cluster.write(B, TRACT, V1, 1024, bytes(10)).getLength()).isZero();
        assertRefused(ErrorCode.CONFLICTING_BYTES, () -> cluster.write(B, TRACT, V1, 1024, new byte[10]));

        cluster.assign(leader(1), row, RowVersion.NONE, A);
        assertRefused(ErrorCode.GAP, () -> cluster.write(A, TRACT, V1, 1024, bytes(10)));
        cluster.write(A, TRACT, V1, 0, bytes(600));
        assertRefused(ErrorCode.CONFLICTING_BYTES, () -> cluster.write(A, TRACT, V1, 0, new byte[600]));
    }

    @Test
    void reportsAFailedStoreAndLivesOn() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        storeA.tracts().fail("pulled");

        assertRefused(ErrorCode.STORE_FAILED, () -> cluster.write(A, TRACT, V1, 0, bytes(10)));
        HeartbeatRequest heartbeat = cluster.metadata.heartbeats.take();
        while (!heartbeat.getStores(0).getFailed()) {
            heartbeat = cluster.metadata.heartbeats.take();
        }
        assertThat(heartbeat.getStores(0).getFailure()).contains("pulled");
        assertThat(cluster.call(A, Methods.PROBE, ProbeRequest.getDefaultInstance())
                        .getStoresCount())
                .isZero();
    }

    // A10, P29: an epoch that no registration showed makes the store look again.
    @Test
    void registersAgainForALeaderThatItHasNotSeen() throws Exception {
        cluster.metadata.history.add(leader(2));

        assertRefused(ErrorCode.STARTING, () -> cluster.grant(leader(2), A));
        assertThat(cluster.metadata.registrations.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    private void writeChecksummedFor(TractId other) throws Exception {
        byte[] data = bytes(10);
        WriteTractRequest request = WriteTractRequest.newBuilder()
                .setAddress(Cluster.address(A, TRACT, V1))
                .setGeneration(1)
                .setLength(data.length)
                .setTractSize(1 << 20)
                .setReplication(3)
                .build();
        ByteBuffer checksums = Pieces.checksums(other, 0, ByteBuffer.wrap(data));
        cluster.call(A, Methods.WRITE_TRACT, request, Body.of(Unpooled.wrappedBuffer(checksums, ByteBuffer.wrap(data))))
                .close();
    }

    // P22: a reader that took it for recovering would see what this holder has not got.
    @Test
    void saysOfATractThatItHasNotGotWhetherItHoldsItsClass() throws Exception {
        Member third = new Member(A, new ClassSet(0b100));
        cluster.assign(leader(1), row(V1, inSync(B, 0), third, inSync(C, 2)), RowVersion.NONE, A);

        assertThat(tailOfSegment(3).getHolder()).isTrue();
        assertThat(tailOfSegment(2).getHolder()).isFalse();
        assertThat(tail(A, V1).getHolder()).isFalse();
    }

    private TailResponse tailOfSegment(int replication) throws Exception {
        return cluster.call(
                A,
                Methods.TAIL,
                TailRequest.newBuilder()
                        .setAddress(Cluster.address(A, TRACT, V1))
                        .setReplication(replication)
                        .build());
    }

    private TailResponse tail(StoreRef store, RowVersion version) throws Exception {
        return cluster.call(
                store,
                Methods.TAIL,
                TailRequest.newBuilder()
                        .setAddress(Cluster.address(store, TRACT, version))
                        .build());
    }
}
