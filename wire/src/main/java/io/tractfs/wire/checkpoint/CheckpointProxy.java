package io.tractfs.wire.checkpoint;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.CheckpointHead;
import io.tractfs.wire.proto.CloseCheckpointRequest;
import io.tractfs.wire.proto.OpenCheckpointRequest;
import io.tractfs.wire.proto.OpenCheckpointResponse;
import io.tractfs.wire.proto.ReadCheckpointRequest;
import io.tractfs.wire.proto.ReadCheckpointResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32C;

/** Fetches a checkpoint from the metadata server that leads. Confined to one thread. */
public final class CheckpointProxy {
    /** Bytes of one piece. */
    public static final int PIECE_BYTES = 1 << 20;

    private static final long TIMEOUT_MS = 60_000;

    private final RpcClient client;
    private final HostPort leader;
    private final boolean log;
    private final boolean background;

    /** Fetches from a server; it refuses with NOT_LEADER if it does not lead. */
    public CheckpointProxy(RpcClient client, HostPort leader) {
        this(client, leader, false, false);
    }

    private CheckpointProxy(RpcClient client, HostPort leader, boolean log, boolean background) {
        this.client = client;
        this.leader = leader;
        this.log = log;
        this.background = background;
    }

    /** One that fetches the files of the log too. */
    public CheckpointProxy withLog() {
        return new CheckpointProxy(client, leader, true, background);
    }

    /** One that stands back behind those whom somebody waits for: it is refused with BUSY while a few are under way. */
    public CheckpointProxy inBackground() {
        return new CheckpointProxy(client, leader, log, true);
    }

    /**
     * Fetches one into a sink.
     *
     * @return what it is
     * @throws TractException what the server says, CHECKSUM_MISMATCH among it
     */
    public CheckpointHead fetch(CheckpointSink sink) throws IOException {
        OpenCheckpointResponse opened;
        try (Reply<OpenCheckpointResponse> reply = call(
                Methods.OPEN_CHECKPOINT,
                OpenCheckpointRequest.newBuilder()
                        .setLog(log)
                        .setBackground(background)
                        .build())) {
            opened = reply.message();
        }
        try {
            sink.begin(opened.getHead());
            for (int file = 0; file < opened.getHead().getFilesCount(); file++) {
                fetch(opened, file, sink);
            }
            sink.end();
        } finally {
            call(
                            Methods.CLOSE_CHECKPOINT,
                            CloseCheckpointRequest.newBuilder()
                                    .setId(opened.getId())
                                    .build())
                    .close();
        }
        return opened.getHead();
    }

    private void fetch(OpenCheckpointResponse opened, int file, CheckpointSink sink) throws IOException {
        long size = opened.getHead().getFiles(file).getSize();
        for (long offset = 0; offset < size; offset += PIECE_BYTES) {
            int length = (int) Math.min(PIECE_BYTES, size - offset);
            ReadCheckpointRequest request = ReadCheckpointRequest.newBuilder()
                    .setId(opened.getId())
                    .setFile(file)
                    .setOffset(offset)
                    .setLength(length)
                    .build();
            try (Reply<ReadCheckpointResponse> reply = call(Methods.READ_CHECKPOINT, request)) {
                sink.piece(
                        file,
                        offset,
                        verified(reply.body(), length, reply.message().getCrc()));
            }
        }
    }

    private ByteBuffer verified(ByteBuf body, int length, int expected) throws TractException {
        ByteBuffer bytes = body.nioBuffer();
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        if (bytes.remaining() != length || (int) crc.getValue() != expected) {
            throw new TractException(
                    ErrorCode.CHECKSUM_MISMATCH,
                    "A piece of the checkpoint at " + leader + " came with " + bytes.remaining() + " of " + length
                            + " bytes, or other ones");
        }
        return bytes;
    }

    private <Q extends MessageLite, R extends MessageLite> Reply<R> call(Method<Q, R> method, Q request)
            throws IOException {
        try {
            return client.call(leader, method, request, Body.NONE, CallOptions.timeout(TIMEOUT_MS))
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TractException cause) {
                throw cause;
            }
            throw new TractException(ErrorCode.INTERNAL, method.name() + " failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(method.name() + " at " + leader + " was interrupted");
        }
    }
}
