package io.tractfs.client.read;

import io.netty.buffer.ByteBuf;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.error.TractException;
import io.tractfs.table.StoreInfo;
import io.tractfs.wire.proto.ReadTractRequest;
import io.tractfs.wire.proto.ReadTractResponse;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.util.concurrent.CompletableFuture;

/**
 * Which bytes a range has; they are of a closed length, so that the version does not matter (P14). Immutable.
 *
 * @param stores calls to stores
 * @param range the range
 */
record ReadQuestion(StoreCalls stores, TractRange range) implements TractQuestion<ReadTractResponse, ByteBuf> {
    @Override
    public CompletableFuture<Reply<ReadTractResponse>> ask(StoreInfo store, TractAddress address) {
        ReadTractRequest request = ReadTractRequest.newBuilder()
                .setAddress(address)
                .setOffset(range.offset())
                .setLength(range.length())
                .setClosed(true)
                .build();
        return stores.call(store, Methods.READ_TRACT, request);
    }

    @Override
    public ByteBuf checked(Reply<ReadTractResponse> reply) throws TractException {
        return ReadReply.verified(range, reply.message(), reply.body()).retain();
    }

    @Override
    public void drop(ByteBuf answer) {
        answer.release();
    }
}
