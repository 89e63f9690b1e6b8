package io.tractfs.metadata.server;

import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.wire.checkpoint.CheckpointProxy;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.CheckpointFile;
import io.tractfs.wire.proto.CheckpointHead;
import io.tractfs.wire.proto.CloseCheckpointRequest;
import io.tractfs.wire.proto.CloseCheckpointResponse;
import io.tractfs.wire.proto.OpenCheckpointRequest;
import io.tractfs.wire.proto.OpenCheckpointResponse;
import io.tractfs.wire.proto.ReadCheckpointRequest;
import io.tractfs.wire.proto.ReadCheckpointResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets superusers, other metadata servers among them, fetch checkpoints from the leader. Thread-safe. */
final class CheckpointHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointHandlers.class);

    private final ServerParts parts;
    private final Requesters requesters;
    private final OpenCheckpoints checkpoints;
    private final Term term;

    /** The present term of the log. */
    @FunctionalInterface
    interface Term {
        /** Of which this server leads, if it leads. */
        long now() throws IOException;
    }

    CheckpointHandlers(ServerParts parts, Requesters requesters, OpenCheckpoints checkpoints, Term term) {
        this.parts = parts;
        this.requesters = requesters;
        this.checkpoints = checkpoints;
        this.term = term;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(Methods.OPEN_CHECKPOINT, this::open);
        builder.on(Methods.READ_CHECKPOINT, exchange -> asSuperuser(exchange, () -> read(exchange)));
        builder.on(Methods.CLOSE_CHECKPOINT, exchange -> asSuperuser(exchange, () -> close(exchange)));
    }

    /** Some work with the disk. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** Does it for a superuser, on a thread that may wait for the disk. */
    private void asSuperuser(Exchange<?, ?> exchange, Work work) {
        exchange.body().release();
        requesters.resolve(exchange.caller()).whenComplete((requester, error) -> {
            if (error != null) {
                exchange.fail(WriteHandlers.failure(error));
            } else {
                execute(exchange, requester, work);
            }
        });
    }

    private void execute(Exchange<?, ?> exchange, Requester requester, Work work) {
        if (!requester.superuser()) {
            exchange.fail(new TractException(
                    ErrorCode.PERMISSION_DENIED,
                    "Access denied for user " + requester.user() + ". Superuser privilege is required"));
            return;
        }
        try {
            parts.reads().executor().execute(() -> run(exchange, work));
        } catch (RejectedExecutionException e) {
            exchange.fail(new TractException(ErrorCode.BUSY, "Too many reads wait", e));
        }
    }

    private static void run(Exchange<?, ?> exchange, Work work) {
        try {
            work.run();
        } catch (TractException e) {
            exchange.fail(e);
        } catch (IOException | RuntimeException e) {
            LOG.error("event=checkpoint-failed", e);
            exchange.fail(new TractException(ErrorCode.IO_ERROR, "The checkpoint failed: " + e, e));
        }
    }

    /** The leadership is confirmed first, so that the copy has all that was acknowledged before it was asked for. */
    private void open(Exchange<OpenCheckpointRequest, OpenCheckpointResponse> exchange) {
        Optional<TractException> refusal = parts.gate().readRefusal();
        if (refusal.isPresent()) {
            exchange.body().release();
            exchange.fail(refusal.get());
            return;
        }
        parts.log().confirmLeadership().whenComplete((leads, error) -> {
            if (error == null) {
                asSuperuser(exchange, () -> exchange.reply(made(exchange.message())));
            } else {
                exchange.body().release();
                exchange.fail(WriteHandlers.failure(error));
            }
        });
    }

    private OpenCheckpointResponse made(OpenCheckpointRequest request) throws IOException {
        @Nullable LeaderView leader = parts.view();
        if (leader == null) {
            throw parts.notLeading();
        }
        long applied = parts.records().appliedIndex();
        boolean confirmed =
                parts.gate().refusalToShrink().isEmpty() && !parts.records().areDeletesHeld();
        long id = checkpoints.open(request.getLog(), request.getBackground());
        CheckpointHead.Builder head = CheckpointHead.newBuilder()
                .setClusterId(IdCodec.encode(parts.layout().cluster()))
                .setMetadataServer(parts.config().name())
                .setTerm(term.now())
                .setAppliedIndex(applied)
                .setConfirmed(confirmed)
                .setEpoch(leader.epoch().value())
                .setInodeCount(parts.records().inodeCount())
                .setTimeMs(System.currentTimeMillis());
        for (Path file : checkpoints.files(id)) {
            head.addFiles(CheckpointFile.newBuilder()
                    .setName(String.valueOf(file.getFileName()))
                    .setSize(Files.size(file)));
        }
        LOG.info("event=checkpoint-made id={} applied={} files={}", id, applied, head.getFilesCount());
        return OpenCheckpointResponse.newBuilder().setId(id).setHead(head).build();
    }

    private void read(Exchange<ReadCheckpointRequest, ReadCheckpointResponse> exchange) throws IOException {
        ReadCheckpointRequest request = exchange.message();
        if (request.getLength() < 1 || request.getLength() > CheckpointProxy.PIECE_BYTES) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A piece has 1 to " + CheckpointProxy.PIECE_BYTES + " bytes, not " + request.getLength());
        }
        ByteBuffer bytes =
                checkpoints.read(request.getId(), request.getFile(), request.getOffset(), request.getLength());
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        exchange.reply(
                ReadCheckpointResponse.newBuilder().setCrc((int) crc.getValue()).build(),
                Body.of(Unpooled.wrappedBuffer(bytes)));
    }

    private void close(Exchange<CloseCheckpointRequest, CloseCheckpointResponse> exchange) throws IOException {
        checkpoints.close(exchange.message().getId());
        exchange.reply(CloseCheckpointResponse.getDefaultInstance());
    }
}
