package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.inSync;
import static io.tractfs.tract.gate.GateFixture.leader;
import static io.tractfs.tract.gate.GateFixture.store;
import static io.tractfs.tract.server.ServerCalls.TRACT;
import static io.tractfs.tract.server.ServerCalls.V1;
import static io.tractfs.tract.server.ServerCalls.V2;
import static io.tractfs.tract.server.ServerCalls.assertRefused;
import static io.tractfs.tract.server.ServerCalls.bytes;
import static io.tractfs.tract.server.ServerCalls.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.checksum.PieceCrcs;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.RowVersion;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.ChecksumTractRequest;
import io.tractfs.wire.proto.ChecksumTractResponse;
import io.tractfs.wire.proto.InspectTractsRequest;
import io.tractfs.wire.proto.InspectTractsResponse;
import io.tractfs.wire.proto.InspectedTract;
import io.tractfs.wire.proto.ListTractsRequest;
import io.tractfs.wire.proto.ListTractsResponse;
import io.tractfs.wire.proto.RepairRequest;
import io.tractfs.wire.proto.ReportDamageRequest;
import io.tractfs.wire.proto.TractKey;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What whole servers on loopback do about bytes that do not verify, and what they tell of what they hold. */
class TractVerifyIT {
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
    void givesChecksumsOfWhatItVerified() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        byte[] data = bytes(700_000);
        cluster.write(A, TRACT, V1, 0, data);
        cluster.assign(leader(1), row(V2, inSync(A, 0)), V1, A);

        int[][] ranges = {{0, 700_000, 512}, {1, 699_999, 511}, {511, 513, 1}, {1_000, 5, 512}, {400_000, 400_000, 7}};
        for (int[] range : ranges) {
            int length = Math.min(range[1], data.length - range[0]);
            PieceCrcs each = PieceCrcs.ofEach(range[2], length);
            each.update(ByteBuffer.wrap(data, range[0], length));
            assertThat(checksums(range, false)).as(Arrays.toString(range)).isEqualTo(each.finish());
            PieceCrcs all = PieceCrcs.ofAll();
            all.update(ByteBuffer.wrap(data, range[0], length));
            assertThat(checksums(range, true)).as(Arrays.toString(range)).isEqualTo(all.finish());
        }
        assertThat(checksums(new int[] {700_000, 10, 512}, false).remaining()).isZero();
    }

    @Test
    void givesNoChecksumOfBytesThatDoNotVerify() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(2_000));
        storeA.tracts().flipBit(TRACT, 700);

        assertRefused(ErrorCode.DAMAGED, () -> checksums(new int[] {0, 2_000, 512}, false));
        assertRefused(ErrorCode.DAMAGED, () -> checksums(new int[] {600, 10, 512}, true));
        assertThat(checksums(new int[] {1_024, 900, 512}, true).remaining()).isEqualTo(4);
    }

    @Test
    void refusesChecksumsOfTooMuchAtOnceOrInPiecesThatAreNoChunks() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));

        int[][] absurd = {{0, (8 << 20) + 1, 512}, {-1, 10, 512}, {0, -1, 512}, {0, 10, 0}, {0, 10, 513}, {0, 10, -1}};
        for (int[] range : absurd) {
            assertRefused(ErrorCode.MALFORMED, () -> checksums(range, false));
        }
    }

    private ByteBuffer checksums(int[] range, boolean combined) throws Exception {
        ChecksumTractRequest request = ChecksumTractRequest.newBuilder()
                .setAddress(Cluster.address(store(1, 0), TRACT, V1))
                .setOffset(range[0])
                .setLength(range[1])
                .setFirstPiece(range[2])
                .setCombined(combined)
                .setClosed(true)
                .build();
        try (Reply<ChecksumTractResponse> reply = cluster.call(A, Methods.CHECKSUM_TRACT, request, Body.NONE)) {
            ByteBuffer crcs = ByteBuffer.allocate(reply.body().readableBytes());
            reply.body().readBytes(crcs);
            return crcs.flip();
        }
    }

    // P28: a client's word makes the store look, nothing more.
    @Test
    void checksWhatAClientReportsAsDamaged() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(600));
        ReportDamageRequest report = ReportDamageRequest.newBuilder()
                .setAddress(Cluster.address(A, TRACT, V1))
                .build();

        assertThat(cluster.call(A, Methods.REPORT_DAMAGE, report).getDamaged()).isFalse();
        storeA.tracts().flipBit(TRACT, 100);
        assertThat(cluster.call(A, Methods.REPORT_DAMAGE, report).getDamaged()).isTrue();
        assertRefused(ErrorCode.DAMAGED, () -> ServerCalls.read(cluster, 0, 600));
    }

    // P25: damage is healed from another holder.
    @Test
    void healsDamageFromAnotherHolder() throws Exception {
        MemoryStore storeB = MemoryStore.empty(B, cluster.id, Cluster.ROWS);
        cluster.start(storeB);
        cluster.assign(leader(1), row(V1, inSync(A, 0), inSync(B, 1)), RowVersion.NONE, A, B);
        byte[] data = bytes(600);
        cluster.write(A, TRACT, V1, 0, data);
        cluster.write(B, TRACT, V1, 0, data);
        storeA.tracts().flipBit(TRACT, 100);
        cluster.call(
                A,
                Methods.REPORT_DAMAGE,
                ReportDamageRequest.newBuilder()
                        .setAddress(Cluster.address(A, TRACT, V1))
                        .build());

        assertThat(cluster.metadata.reports.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(ServerCalls.read(cluster, 0, 600)).isEqualTo(ByteBuffer.wrap(data));
    }

    @Test
    void tellsAnInspectorWhatItHoldsAndRepairsARowAtHisWord() throws Exception {
        MemoryStore storeB = MemoryStore.empty(B, cluster.id, Cluster.ROWS);
        cluster.start(storeB);
        cluster.assign(leader(1), row(V1, inSync(A, 0), inSync(B, 1)), RowVersion.NONE, A, B);
        byte[] data = bytes(600);
        cluster.write(A, TRACT, V1, 0, data);
        cluster.write(B, TRACT, V1, 0, data);
        storeA.tracts().removeAll(List.of(TRACT.blob()));
        storeB.tracts().flipBit(TRACT, 100);
        TractKey other = TractKey.newBuilder().setBlob(5).build();

        InspectTractsResponse atA = inspect(A, TractEntries.key(TRACT), other);
        InspectTractsResponse atB = inspect(B, TractEntries.key(TRACT));

        assertThat(atA.getTractsList()).noneMatch(InspectedTract::getPresent).hasSize(2);
        assertThat(atB.getTracts(0).getStored()).isEqualTo(600);
        assertThat(atB.getTracts(0).getEntry().getDamagedList()).containsExactly(0, 512);
        storeB.tracts().flipBit(TRACT, 100);
        storeB.tracts().verify(TRACT);
        cluster.call(
                A,
                Methods.REPAIR_STORE,
                RepairRequest.newBuilder()
                        .setRef(StoreCodec.encode(store(1, 0)))
                        .addRows(RowHash.rowOf(TRACT, Cluster.ROWS))
                        .build());
        assertThat(cluster.metadata.reports.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(inspect(A, TractEntries.key(TRACT)).getTracts(0).getPresent())
                .isTrue();
    }

    @Test
    void listsTheNamesOfItsTractsPageByPage() throws Exception {
        cluster.assign(leader(1), row(V1, inSync(A, 0)), RowVersion.NONE, A);
        cluster.write(A, TRACT, V1, 0, bytes(10));
        List<TractKey> found = new ArrayList<>();
        int bucket = 0;
        ListTractsResponse page;
        do {
            page = cluster.call(
                    A,
                    Methods.LIST_TRACTS,
                    ListTractsRequest.newBuilder()
                            .setRef(StoreCodec.encode(A))
                            .setBucket(bucket)
                            .setLimit(1)
                            .build());
            found.addAll(page.getTractsList());
            bucket = page.getBucket();
        } while (page.getMore());

        assertThat(found).containsExactly(TractEntries.key(TRACT));
        assertRefused(
                ErrorCode.MALFORMED,
                () -> cluster.call(
                        A,
                        Methods.LIST_TRACTS,
                        ListTractsRequest.newBuilder()
                                .setRef(StoreCodec.encode(A))
                                .setBucket(4096)
                                .build()));
    }

    private InspectTractsResponse inspect(StoreRef ref, TractKey... tracts) throws Exception {
        return cluster.call(
                ref,
                Methods.INSPECT_TRACTS,
                InspectTractsRequest.newBuilder()
                        .setRef(StoreCodec.encode(ref))
                        .addAllTracts(List.of(tracts))
                        .setVerify(true)
                        .build());
    }
}
