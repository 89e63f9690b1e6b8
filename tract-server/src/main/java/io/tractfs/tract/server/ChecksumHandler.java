package io.tractfs.tract.server;

import io.netty.buffer.Unpooled;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.checksum.PieceCrcs;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.store.TractSlice;
import io.tractfs.wire.proto.ChecksumTractRequest;
import io.tractfs.wire.proto.ChecksumTractResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Answers with CRC32Cs of what a tract holds, read from the disk and verified first, on the store's read threads: a
 * checksum of bytes that do not verify is never given. Thread-safe.
 */
final class ChecksumHandler {
    private static final int MAX_CHECKSUM_BYTES = 8 << 20;
    private static final int STEP_BYTES = 256 << 10;

    private final Stores stores;
    private final Layout layout;
    private final Calls calls;

    ChecksumHandler(Stores stores, Layout layout, Calls calls) {
        this.stores = stores;
        this.layout = layout;
        this.calls = calls;
    }

    /** Registers the method. */
    void register(RpcServer.Builder server) {
        server.on(
                Methods.CHECKSUM_TRACT,
                exchange -> calls.serve(exchange, run -> {
                    ChecksumTractRequest request = exchange.message();
                    TractTarget target = request.getClosed()
                            ? TractTarget.ofClosed(request.getAddress(), stores, layout)
                            : TractTarget.of(request.getAddress(), stores, layout);
                    run.on(target.store().threads().readers(), () -> checksum(exchange, target));
                }));
    }

    private static void checksum(Exchange<ChecksumTractRequest, ChecksumTractResponse> exchange, TractTarget target)
            throws TractException {
        ChecksumTractRequest request = exchange.message();
        check(request);
        PieceCrcs crcs = request.getCombined()
                ? PieceCrcs.ofAll()
                : PieceCrcs.ofEach(request.getFirstPiece(), request.getLength());
        try (Admission admission = target.admit(request.getClosed() ? Need.CLOSED_READ : Need.TAIL, 0)) {
            int done = 0;
            int tractLength = 0;
            while (done < request.getLength()) {
                int offset = request.getOffset() + done;
                int wanted = Math.min(STEP_BYTES, request.getLength() - done);
                try (TractSlice slice = ReadHandlers.open(target, admission, offset, wanted)) {
                    tractLength = slice.tractLength();
                    int count = Math.min(wanted, slice.dataOffset() + slice.dataLength() - offset);
                    if (count <= 0) {
                        break;
                    }
                    crcs.update(verified(slice, target).slice(offset - slice.dataOffset(), count));
                    done += count;
                }
            }
            ChecksumTractResponse response = ChecksumTractResponse.newBuilder()
                    .setLength(done)
                    .setTractLength(tractLength)
                    .setVersion(admission.version().value())
                    .build();
            exchange.reply(response, Body.of(Unpooled.wrappedBuffer(crcs.finish())));
        }
    }

    private static void check(ChecksumTractRequest request) throws TractException {
        if (request.getOffset() < 0 || request.getLength() < 0 || request.getLength() > MAX_CHECKSUM_BYTES) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "a checksum is of at most " + MAX_CHECKSUM_BYTES + " bytes, not of "
                            + Integer.toUnsignedString(request.getLength()) + " at "
                            + Integer.toUnsignedString(request.getOffset()));
        }
        int first = request.getFirstPiece();
        if (!request.getCombined() && (first < 1 || first > ChunkChecksums.CHUNK_SIZE)) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "the first piece has 1 to " + ChunkChecksums.CHUNK_SIZE + " bytes, not "
                            + Integer.toUnsignedString(first));
        }
    }

    /** The bytes of the slice; what does not verify is marked, and healed from another member. */
    private static ByteBuffer verified(TractSlice slice, TractTarget target) throws TractException {
        ByteBuffer bytes = ByteBuffer.allocate(slice.dataLength());
        try {
            int count = 0;
            while (bytes.hasRemaining() && count >= 0) {
                count = slice.channel().read(bytes, slice.channelPosition() + bytes.position());
            }
        } catch (IOException e) {
            throw new TractException(ErrorCode.DAMAGED, "tract " + target.tract() + " cannot be read", e);
        }
        boolean whole = !bytes.hasRemaining();
        bytes.flip();
        int firstChunk = slice.dataOffset() / ChunkChecksums.CHUNK_SIZE;
        int bad = whole ? ChunkChecksums.firstBad(target.tract(), firstChunk, bytes, slice.checksums()) : firstChunk;
        if (bad >= 0) {
            if (!target.store().tracts().verify(target.tract()).damaged().isEmpty()) {
                target.store().reconciler().heal(target.row());
            }
            throw new TractException(
                    ErrorCode.DAMAGED, "chunk " + bad + " of tract " + target.tract() + " does not verify");
        }
        return bytes;
    }
}
