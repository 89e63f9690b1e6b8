package io.tractfs.client.read;

import io.netty.buffer.ByteBuf;
import io.tractfs.checksum.PieceCrcs;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.table.StoreInfo;
import io.tractfs.wire.proto.ChecksumTractRequest;
import io.tractfs.wire.proto.ChecksumTractResponse;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.nio.IntBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Which CRC32Cs a range has, of a closed length, so that the version does not matter (P14). Immutable.
 *
 * @param stores calls to stores
 * @param range the range
 * @param firstPiece bytes of its first piece, 1 to the chunk size
 * @param combined whether one CRC32C of the whole range is wanted
 */
record ChecksumQuestion(StoreCalls stores, TractRange range, int firstPiece, boolean combined)
        implements TractQuestion<ChecksumTractResponse, IntBuffer> {
    @Override
    public CompletableFuture<Reply<ChecksumTractResponse>> ask(StoreInfo store, TractAddress address) {
        ChecksumTractRequest request = ChecksumTractRequest.newBuilder()
                .setAddress(address)
                .setOffset(range.offset())
                .setLength(range.length())
                .setFirstPiece(firstPiece)
                .setCombined(combined)
                .setClosed(true)
                .build();
        return stores.call(store, Methods.CHECKSUM_TRACT, request);
    }

    @Override
    public IntBuffer checked(Reply<ChecksumTractResponse> reply) throws TractException {
        if (reply.message().getLength() < range.length()) {
            throw new TractException(
                    ErrorCode.SHORT,
                    "Checksum of " + range + " ends after " + reply.message().getLength()
                            + " bytes, tract length there " + reply.message().getTractLength());
        }
        int count = combined ? 1 : PieceCrcs.count(firstPiece, range.length());
        ByteBuf body = reply.body();
        if (reply.message().getLength() != range.length() || body.readableBytes() != count * Integer.BYTES) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "Checksum of " + range + " answered for " + reply.message().getLength() + " bytes with a body of "
                            + body.readableBytes());
        }
        IntBuffer crcs = IntBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            crcs.put(body.getInt(body.readerIndex() + i * Integer.BYTES));
        }
        return crcs.flip();
    }

    @Override
    public void drop(IntBuffer answer) {}
}
