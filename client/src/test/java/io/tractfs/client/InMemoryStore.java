package io.tractfs.client;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.checksum.PieceCrcs;
import io.tractfs.client.InMemoryServers.Answer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.wire.proto.ChecksumTractRequest;
import io.tractfs.wire.proto.ChecksumTractResponse;
import io.tractfs.wire.proto.EnsureTractRequest;
import io.tractfs.wire.proto.EnsureTractResponse;
import io.tractfs.wire.proto.ReadTractRequest;
import io.tractfs.wire.proto.ReadTractResponse;
import io.tractfs.wire.proto.ReportDamageRequest;
import io.tractfs.wire.proto.ReportDamageResponse;
import io.tractfs.wire.proto.TailRequest;
import io.tractfs.wire.proto.TailResponse;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.proto.WriteTractRequest;
import io.tractfs.wire.proto.WriteTractResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One in-sync store in memory; verifies what it takes, gives checksums of what it holds. Not thread-safe. */
final class InMemoryStore {
    final Map<TractId, Tract> tracts = new HashMap<>();
    final Map<Integer, RowVersion> versions = new HashMap<>();
    final Set<TractId> reportedDamaged = new HashSet<>();
    /** Tracts of which the store gives other bytes than it has checksums for. */
    final Set<TractId> damaged = new HashSet<>();

    /** One tract. */
    static final class Tract {
        byte[] bytes = new byte[0];
        int synced;
        long generation;
        long acknowledged;

        Tract copy() {
            Tract copy = new Tract();
            copy.bytes = bytes.clone();
            copy.generation = generation;
            copy.acknowledged = acknowledged;
            return copy;
        }
    }

    Answer handle(MessageLite message, ByteBuf body) throws TractException {
        if (message instanceof WriteTractRequest write) {
            return write(write, body);
        } else if (message instanceof EnsureTractRequest ensure) {
            return ensure(ensure);
        } else if (message instanceof ReadTractRequest read) {
            return read(read);
        } else if (message instanceof ChecksumTractRequest checksum) {
            return checksum(checksum);
        } else if (message instanceof TailRequest tail) {
            return tail(tail);
        } else if (message instanceof ReportDamageRequest report) {
            reportedDamaged.add(tract(report.getAddress()));
            return Answer.of(ReportDamageResponse.newBuilder().setDamaged(true).build());
        }
        throw new TractException(ErrorCode.UNKNOWN_METHOD, message.getClass().getName());
    }

    private static TractId tract(TractAddress address) {
        return new TractId(new BlobId(address.getBlob()), address.getIndex());
    }

    private void gate(TractAddress address) throws TractException {
        @Nullable RowVersion held = versions.get(address.getRow());
        RowVersion asked = new RowVersion(address.getVersion());
        if (held == null) {
            throw new TractException(ErrorCode.NOT_A_MEMBER, "row " + address.getRow());
        }
        if (asked.isBefore(held)) {
            throw new TractException(ErrorCode.STALE_VERSION, "held " + held, held, null);
        }
        if (asked.isAfter(held)) {
            throw new TractException(ErrorCode.BEHIND_VERSION, "held " + held, held, null);
        }
    }

    private Tract fenced(TractAddress address, long generation) throws TractException {
        Tract tract = tracts.computeIfAbsent(tract(address), key -> new Tract());
        if (generation < tract.generation) {
            throw new TractException(ErrorCode.GENERATION_FENCED, "generation " + tract.generation);
        }
        tract.generation = generation;
        return tract;
    }

    private Answer write(WriteTractRequest request, ByteBuf body) throws TractException {
        gate(request.getAddress());
        Tract tract = fenced(request.getAddress(), request.getGeneration());
        byte[] data = verified(request, body);
        if (request.getOffset() > tract.bytes.length) {
            throw new TractException(ErrorCode.GAP, "length " + tract.bytes.length);
        }
        int end = request.getOffset() + request.getLength();
        byte[] before = tract.bytes;
        tract.bytes = Arrays.copyOf(before, Math.max(before.length, end));
        System.arraycopy(data, 0, tract.bytes, request.getOffset(), data.length);
        if (!Arrays.equals(before, 0, before.length, tract.bytes, 0, before.length)) {
            throw new TractException(ErrorCode.CONFLICTING_BYTES, "bytes changed");
        }
        tract.acknowledged = Math.max(tract.acknowledged, request.getAcknowledgedLength());
        tract.synced = request.getSync() ? tract.bytes.length : tract.synced;
        return Answer.of(WriteTractResponse.newBuilder()
                .setLength(tract.bytes.length)
                .setVersion(request.getAddress().getVersion())
                .build());
    }

    private static byte[] verified(WriteTractRequest request, ByteBuf body) throws TractException {
        TractId id = tract(request.getAddress());
        int first = request.getOffset() / ChunkChecksums.CHUNK_SIZE;
        int pieces = ChunkChecksums.chunkCount(request.getOffset() + request.getLength()) - first;
        byte[] data = new byte[request.getLength()];
        if (body.readableBytes() != pieces * Integer.BYTES + data.length) {
            throw new TractException(ErrorCode.MALFORMED, "body of " + body.readableBytes());
        }
        body.getBytes(body.readerIndex() + pieces * Integer.BYTES, data);
        int at = 0;
        for (int piece = 0; piece < pieces; piece++) {
            int edge = (first + piece + 1) * ChunkChecksums.CHUNK_SIZE - request.getOffset();
            int end = Math.min(data.length, edge);
            CRC32C crc = new CRC32C();
            crc.update(data, at, end - at);
            int bound = (int) crc.getValue() ^ ChunkChecksums.placeMix(id, first + piece);
            if (body.getInt(body.readerIndex() + piece * Integer.BYTES) != bound) {
                throw new TractException(ErrorCode.CHECKSUM_MISMATCH, "piece " + piece);
            }
            at = end;
        }
        return data;
    }

    private Answer ensure(EnsureTractRequest request) throws TractException {
        gate(request.getAddress());
        Tract tract = fenced(request.getAddress(), request.getGeneration());
        tract.synced = request.getSync() ? tract.bytes.length : tract.synced;
        return Answer.of(EnsureTractResponse.newBuilder()
                .setLength(Math.min(request.getLength(), tract.bytes.length))
                .setVersion(request.getAddress().getVersion())
                .build());
    }

    private Answer read(ReadTractRequest request) throws TractException {
        TractId id = tract(request.getAddress());
        Tract tract = tracts.get(id);
        if (tract == null) {
            throw new TractException(ErrorCode.TRACT_NOT_FOUND, "tract " + id);
        }
        int from = request.getOffset() / ChunkChecksums.CHUNK_SIZE * ChunkChecksums.CHUNK_SIZE;
        int wanted = ChunkChecksums.chunkCount(request.getOffset() + request.getLength()) * ChunkChecksums.CHUNK_SIZE;
        int end = Math.max(from, Math.min(tract.bytes.length, wanted));
        byte[] data = Arrays.copyOfRange(tract.bytes, Math.min(from, tract.bytes.length), Math.max(end, 0));
        ByteBuffer reply = ByteBuffer.allocate(ChunkChecksums.chunkCount(data.length) * Integer.BYTES + data.length);
        ChunkChecksums.compute(id, from / ChunkChecksums.CHUNK_SIZE, ByteBuffer.wrap(data), reply);
        if (damaged.contains(id) && data.length > 0) {
            data[data.length / 2] ^= 1;
        }
        reply.put(data);
        return new Answer(
                ReadTractResponse.newBuilder()
                        .setDataOffset(from)
                        .setDataLength(data.length)
                        .setTractLength(tract.bytes.length)
                        .setVersion(request.getAddress().getVersion())
                        .build(),
                reply.flip());
    }

    private Answer checksum(ChecksumTractRequest request) throws TractException {
        TractId id = tract(request.getAddress());
        Tract tract = tracts.get(id);
        if (tract == null) {
            throw new TractException(ErrorCode.TRACT_NOT_FOUND, "tract " + id);
        }
        if (damaged.contains(id)) {
            throw new TractException(ErrorCode.DAMAGED, "tract " + id);
        }
        int length = Math.max(0, Math.min(request.getLength(), tract.bytes.length - request.getOffset()));
        PieceCrcs crcs = request.getCombined() ? PieceCrcs.ofAll() : PieceCrcs.ofEach(request.getFirstPiece(), length);
        crcs.update(ByteBuffer.wrap(tract.bytes, request.getOffset(), length));
        return new Answer(
                ChecksumTractResponse.newBuilder()
                        .setLength(length)
                        .setTractLength(tract.bytes.length)
                        .build(),
                crcs.finish());
    }

    private Answer tail(TailRequest request) throws TractException {
        gate(request.getAddress());
        @Nullable Tract tract = tracts.get(tract(request.getAddress()));
        TailResponse.Builder answer = TailResponse.newBuilder()
                .setHolder(true)
                .setVersion(request.getAddress().getVersion());
        if (tract != null) {
            answer.setLength(tract.bytes.length)
                    .setAcknowledgedLength(tract.acknowledged)
                    .setGeneration(tract.generation);
        }
        return Answer.of(answer.build());
    }
}
