package io.tractfs.tract.server;

import io.netty.buffer.ByteBuf;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import io.tractfs.tract.store.TractStorage;
import io.tractfs.tract.store.TractStorage.TractWrite;
import io.tractfs.wire.proto.CutTractRequest;
import io.tractfs.wire.proto.CutTractResponse;
import io.tractfs.wire.proto.EnsureTractRequest;
import io.tractfs.wire.proto.EnsureTractResponse;
import io.tractfs.wire.proto.FenceTractRequest;
import io.tractfs.wire.proto.TailResponse;
import io.tractfs.wire.proto.WriteTractRequest;
import io.tractfs.wire.proto.WriteTractResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Serves what changes a tract or acknowledges that it is there: each runs on the tract's write thread, inside an
 * admission of the version gate that ends after the answer (P9). Thread-safe.
 */
final class WriteHandlers {
    private final Stores stores;
    private final Layout layout;
    private final Calls calls;
    private final TractServerMetrics metrics;

    WriteHandlers(Stores stores, Layout layout, Calls calls, TractServerMetrics metrics) {
        this.stores = stores;
        this.layout = layout;
        this.calls = calls;
        this.metrics = metrics;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder server) {
        server.on(
                Methods.WRITE_TRACT,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = TractTarget.of(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().writer(target.tract()), () -> write(exchange, target));
                }));
        server.on(
                Methods.ENSURE_TRACT,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = TractTarget.of(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().writer(target.tract()), () -> ensure(exchange, target));
                }));
        server.on(
                Methods.FENCE_TRACT,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = TractTarget.of(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().writer(target.tract()), () -> fence(exchange, target));
                }));
        server.on(
                Methods.CUT_TRACT,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = TractTarget.of(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().writer(target.tract()), () -> cut(exchange, target));
                }));
    }

    private void write(Exchange<WriteTractRequest, WriteTractResponse> exchange, TractTarget target)
            throws TractException {
        WriteTractRequest request = exchange.message();
        WriteChecks.check(request, exchange.body().readableBytes());
        try (Admission admission = target.admit(Need.WRITE, request.getReplication())) {
            TractStorage tracts = target.store().tracts();
            Optional<TractState> before = tracts.state(target.tract());
            before.ifPresent(state -> target.gate().beforeWrite(target.version(), state));
            TractState after = tracts.write(decode(request, exchange.body(), target, admission));
            metrics.written(request.getLength());
            exchange.reply(WriteTractResponse.newBuilder()
                    .setLength(after.length())
                    .setVersion(target.version().value())
                    .build());
        }
    }

    private static TractWrite decode(WriteTractRequest request, ByteBuf body, TractTarget target, Admission admission) {
        int checksumBytes = body.readableBytes() - request.getLength();
        ByteBuffer pieces = body.nioBuffer(body.readerIndex(), checksumBytes);
        ByteBuf data = body.slice(body.readerIndex() + checksumBytes, request.getLength());
        return new TractWrite(
                target.tract(),
                target.row(),
                target.version().value(),
                new Generation(request.getGeneration()),
                request.getOffset(),
                pieces,
                data,
                request.getTractSize(),
                request.getReplication(),
                request.getAcknowledgedLength(),
                !admission.isHolder(request.getReplication()),
                request.getSync());
    }

    private void ensure(Exchange<EnsureTractRequest, EnsureTractResponse> exchange, TractTarget target)
            throws TractException {
        EnsureTractRequest request = exchange.message();
        TractStorage tracts = target.store().tracts();
        Optional<TractState> state = tracts.state(target.tract());
        int replication = state.map(TractState::replication).orElse(0);
        try (Admission admission = target.admit(Need.WRITE, replication)) {
            int length = 0;
            if (state.isPresent()) {
                checkGeneration(state.get(), request.getGeneration(), target);
                tracts.acknowledge(target.tract(), request.getAcknowledgedLength());
                TractState held = request.getSync() ? tracts.sync(target.tract()) : state.get();
                length = heldFrom(held, request.getFrom(), request.getLength());
            }
            exchange.reply(EnsureTractResponse.newBuilder()
                    .setLength(length)
                    .setVersion(admission.version().value())
                    .build());
        }
    }

    private static void checkGeneration(TractState state, long generation, TractTarget target) throws TractException {
        if (generation < state.generation().value()) {
            throw new TractException(
                    ErrorCode.GENERATION_FENCED,
                    "tract " + target.tract() + " holds generation " + state.generation() + ", the request has "
                            + generation);
        }
    }

    /** End of what is held sound and without a gap from an offset on, at most the length asked; 0 if nothing is. */
    static int heldFrom(TractState state, int from, int most) {
        int end = from <= state.length() ? state.length() : 0;
        for (Span range : state.ranges()) {
            if (range.from() <= Math.max(end, from) && range.to() > from) {
                end = Math.max(end, range.to());
            }
        }
        for (Span bad : state.damaged()) {
            if (bad.to() > from && bad.from() < end) {
                end = Math.max(from, bad.from());
                break;
            }
        }
        return Math.min(end, most);
    }

    private void fence(Exchange<FenceTractRequest, TailResponse> exchange, TractTarget target) throws TractException {
        FenceTractRequest request = exchange.message();
        WriteChecks.checkSegment(request.getTractSize(), request.getReplication());
        WriteChecks.checkGeneration(request.getGeneration());
        try (Admission admission = target.admit(Need.WRITE, request.getReplication())) {
            checkMerged(target);
            TractState state = target.store()
                    .tracts()
                    .fence(
                            target.tract(),
                            new Generation(request.getGeneration()),
                            request.getReplication(),
                            request.getTractSize());
            exchange.reply(Tails.of(state, target, admission.isHolder(request.getReplication())));
        }
    }

    /** After a loss of power of all holders the shortest copy is no measure: what others have more comes first (P7). */
    private static void checkMerged(TractTarget target) throws TractException {
        if (target.store().control().isMerging(target.row())) {
            throw new TractException(
                    ErrorCode.RECOVERING,
                    "store " + target.store().ref() + " still compares row " + target.row()
                            + " with its other holders after a loss of power; try again");
        }
    }

    private void cut(Exchange<CutTractRequest, CutTractResponse> exchange, TractTarget target) throws TractException {
        CutTractRequest request = exchange.message();
        WriteChecks.checkGeneration(request.getGeneration());
        if (request.getLength() < 0 || request.getLength() > WriteChecks.MAX_TRACT_SIZE) {
            throw new TractException(ErrorCode.MALFORMED, "length of a cut is out of range: " + request.getLength());
        }
        Admission admission = target.admit(Need.WRITE, 0);
        try {
            target.store().tracts().cut(target.tract(), new Generation(request.getGeneration()), request.getLength());
            exchange.reply(CutTractResponse.getDefaultInstance());
        } finally {
            admission.close();
        }
    }
}
