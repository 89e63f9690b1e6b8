package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.inSync;
import static io.tractfs.tract.gate.GateFixture.leader;
import static io.tractfs.tract.gate.GateFixture.recovering;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.config.Settings;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.StoreConfig;
import io.tractfs.tract.store.StoreFormatter;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.GrantEpochRequest;
import io.tractfs.wire.proto.GrantEpochResponse;
import io.tractfs.wire.proto.LocateTractRequest;
import io.tractfs.wire.proto.LocateTractResponse;
import io.tractfs.wire.proto.ReadTractRequest;
import io.tractfs.wire.proto.ReadTractResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers on real directories: what goes through file pages, and what a restart keeps. */
class DirectoryStoreIT {
    private static final TractId TRACT = new TractId(new BlobId(77), 2);
    private static final RowVersion V1 = version(1, 1);
    private static final RowVersion V2 = version(1, 2);

    private Cluster cluster;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws Exception {
        cluster = new Cluster();
        cluster.metadata.history.add(leader(1));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void sendsFilePagesWithTheirChecksums() throws Exception {
        OpenStore store = format("one");
        StoreRef a = store.ref();
        cluster.start(store);
        cluster.assign(leader(1), row(V1, inSync(a, 0)), RowVersion.NONE, a);
        byte[] data = bytes((1 << 20) - 300);
        cluster.write(a, TRACT, V1, 0, data);

        assertThat(read(a, 0, data.length)).isEqualTo(ByteBuffer.wrap(data));
        assertThat(read(a, 1000, 4096)).isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(data, 512, 5120)));
    }

    @Test
    void tellsAProgramOnThisHostWhereATractIs() throws Exception {
        OpenStore store = format("one");
        StoreRef a = store.ref();
        cluster.start(store);
        cluster.assign(leader(1), row(V1, inSync(a, 0)), RowVersion.NONE, a);
        byte[] data = bytes(5000);
        cluster.write(a, TRACT, V1, 0, data);

        LocateTractRequest request = LocateTractRequest.newBuilder()
                .setAddress(Cluster.address(a, TRACT, V1))
                .build();
        try (Reply<LocateTractResponse> reply = cluster.call(a, Methods.LOCATE_TRACT, request, Body.NONE)) {
            LocateTractResponse place = reply.message();
            byte[] file = Files.readAllBytes(Path.of(place.getPath()));
            assertThat(place.getLength()).isEqualTo(5000);
            assertThat(Arrays.copyOfRange(file, place.getDataPosition(), place.getDataPosition() + 5000))
                    .isEqualTo(data);
            ByteBuffer checksums = ByteBuffer.allocate(40);
            checksums.put(file, place.getChecksumsPosition(), 36).putInt(place.getTailChecksum());
            assertThat(ChunkChecksums.firstBad(TRACT, 0, ByteBuffer.wrap(data), checksums.flip()))
                    .isNegative();
        }
    }

    // A9, P6: a restarted store keeps rows and bytes, and is a member again only by a new version.
    @Test
    void keepsRowsAndBytesOverARestartAndWaitsForANewVersion() throws Exception {
        OpenStore first = format("one");
        StoreRef a = first.ref();
        TractServer server = cluster.start(first);
        cluster.assign(leader(1), row(V1, inSync(a, 0)), RowVersion.NONE, a);
        byte[] data = bytes(5000);
        cluster.write(a, TRACT, V1, 0, data);
        server.close();

        OpenStore second = reopen("one");
        StoreRef again = second.ref();
        assertThat(again.incarnation()).isGreaterThan(a.incarnation());
        cluster.start(second);

        assertThat(read(again, 0, 5000)).isEqualTo(ByteBuffer.wrap(data));
        assertRefused(ErrorCode.STALE_INCARNATION, a);
        assertRefused(ErrorCode.NOT_A_MEMBER, again);
        assertThat(claims(again)).containsExactly(row(V1, inSync(a, 0)));
        assertThat(cluster.assign(leader(1), row(V2, recovering(again)), V1, again)
                        .get(0)
                        .getHeld())
                .isEqualTo(7);
    }

    @Test
    void copiesARowFromOneDirectoryToAnother() throws Exception {
        OpenStore source = format("one");
        StoreRef a = source.ref();
        cluster.start(source);
        cluster.assign(leader(1), row(V1, inSync(a, 0)), RowVersion.NONE, a);
        byte[] data = bytes(1 << 20);
        cluster.write(a, TRACT, V1, 0, data);
        OpenStore target = format("two");
        StoreRef b = target.ref();
        cluster.start(target);

        Row joined = row(V2, inSync(a, 0), recovering(b));
        cluster.assign(leader(1), joined, V1, a, b);

        assertThat(cluster.metadata.reports.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(read(b, 0, data.length)).isEqualTo(ByteBuffer.wrap(data));
    }

    private OpenStore format(String name) throws IOException {
        StoreFormatter.format(directory.resolve(name), cluster.id);
        return reopen(name);
    }

    private OpenStore reopen(String name) throws IOException {
        Settings settings = new Settings(
                Map.of(StoreConfig.DIRS.name(), directory.resolve(name).toString()));
        return DirectoryStore.openAll(StoreConfig.read(settings.reader()))
                .stores()
                .get(0);
    }

    private List<Row> claims(StoreRef store) throws Exception {
        GrantEpochResponse response = cluster.call(
                store,
                Methods.GRANT_EPOCH,
                GrantEpochRequest.newBuilder()
                        .setRef(StoreCodec.encode(store))
                        .setLeader(FakeMetadata.encode(leader(1)))
                        .setLimit(10)
                        .build());
        return List.of(RowCodec.decode(response.getClaims(0)));
    }

    private ByteBuffer read(StoreRef store, int offset, int length) throws Exception {
        ReadTractRequest request = ReadTractRequest.newBuilder()
                .setAddress(Cluster.address(store, TRACT, V1))
                .setOffset(offset)
                .setLength(length)
                .setClosed(true)
                .build();
        try (Reply<ReadTractResponse> reply = cluster.call(store, Methods.READ_TRACT, request, Body.NONE)) {
            ReadTractResponse response = reply.message();
            int checksumBytes = ChunkChecksums.chunkCount(response.getDataLength()) * Integer.BYTES;
            ByteBuffer checksums = ByteBuffer.allocate(checksumBytes);
            ByteBuffer data = ByteBuffer.allocate(response.getDataLength());
            reply.body().readBytes(checksums).readBytes(data);
            data.flip();
            int firstChunk = response.getDataOffset() / ChunkChecksums.CHUNK_SIZE;
            assertThat(ChunkChecksums.firstBad(TRACT, firstChunk, data, checksums.flip()))
                    .isEqualTo(-1);
            return data;
        }
    }

    private void assertRefused(ErrorCode code, StoreRef store) {
        assertThatThrownBy(() -> cluster.write(store, TRACT, V1, 5000, bytes(10)))
                .isInstanceOfSatisfying(
                        TractException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private static Row row(RowVersion version, @Nullable Member... members) {
        @Nullable Member[] three = Arrays.copyOf(members, 3);
        return new Row(RowHash.rowOf(TRACT, Cluster.ROWS), version, Columns.of(three), List.of());
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
