package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.store;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.wire.proto.ReadTractRequest;
import io.tractfs.wire.proto.ReadTractResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What tests ask of servers, about one tract. Stateless. */
final class ServerCalls {
    static final TractId TRACT = new TractId(new BlobId(77), 2);
    static final RowVersion V1 = version(1, 1);
    static final RowVersion V2 = version(1, 2);

    private ServerCalls() {}

    /** A closed read under a version that nobody holds, by a client that does not know the start of the store. */
    static ByteBuffer read(Cluster cluster, int offset, int length) throws Exception {
        ReadTractRequest request = ReadTractRequest.newBuilder()
                .setAddress(Cluster.address(store(1, 0), TRACT, version(9, 9)))
                .setOffset(offset)
                .setLength(length)
                .setClosed(true)
                .build();
        try (Reply<ReadTractResponse> reply = cluster.call(A, Methods.READ_TRACT, request, Body.NONE)) {
            ReadTractResponse response = reply.message();
            int checksumBytes = ChunkChecksums.chunkCount(response.getDataLength()) * Integer.BYTES;
            assertThat(reply.body().readableBytes()).isEqualTo(checksumBytes + response.getDataLength());
            ByteBuffer checksums = ByteBuffer.allocate(checksumBytes);
            ByteBuffer data = ByteBuffer.allocate(response.getDataLength());
            reply.body().readBytes(checksums).readBytes(data);
            checksums.flip();
            data.flip();
            int firstChunk = response.getDataOffset() / ChunkChecksums.CHUNK_SIZE;
            assertThat(ChunkChecksums.firstBad(TRACT, firstChunk, data, checksums))
                    .isEqualTo(-1);
            return data;
        }
    }

    /** The tract's row. */
    static Row row(RowVersion version, @Nullable Member... members) {
        @Nullable Member[] three = Arrays.copyOf(members, 3);
        return new Row(RowHash.rowOf(TRACT, Cluster.ROWS), version, Columns.of(three), List.of());
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TractException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
