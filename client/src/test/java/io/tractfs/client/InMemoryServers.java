package io.tractfs.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.client.transport.RpcCalls;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A metadata server and five stores in memory, answering in the caller's thread. Bytes and checksums are real. Faults
 * are set by tests: dead and silent stores, refusals before and lost answers after a call. Thread-safe.
 */
final class InMemoryServers implements RpcCalls {
    static final HostPort METADATA = new HostPort("metadata", 1);

    final List<String> log = new ArrayList<>();
    final InMemoryMetadata metadata;
    final Set<Integer> dead = new HashSet<>();
    final Set<Integer> silent = new HashSet<>();
    /** Refuses a call before it is carried out. */
    Function<Sent, Optional<ErrorCode>> refuse = sent -> Optional.empty();
    /** Loses the answer of a call that was carried out. */
    Function<Sent, Optional<ErrorCode>> lose = sent -> Optional.empty();

    private final ManualTime time;
    private final ByteBufAllocator allocator;

    /** A call as faults see it. */
    record Sent(HostPort to, String method, MessageLite message, CallOptions options) {}

    InMemoryServers(ManualTime time, ByteBufAllocator allocator) {
        this.time = time;
        this.allocator = allocator;
        this.metadata = new InMemoryMetadata();
    }

    /** The reply of one call. */
    record Answer(MessageLite message, ByteBuffer body) {
        static Answer of(MessageLite message) {
            return new Answer(message, ByteBuffer.allocate(0));
        }
    }

    @Override
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
            HostPort to, Method<Q, R> method, Q message, Body body, CallOptions options) {
        Sent sent = new Sent(to, method.name(), message, options);
        ByteBuf bytes = body instanceof Body.Buffer buffer ? buffer.buffer() : allocator.buffer(0);
        int store = to.port() - InMemoryMetadata.FIRST_PORT;
        try {
            synchronized (this) {
                log.add(method.name());
                if (silent.contains(store)) {
                    return silence(options);
                }
                if (dead.contains(store)) {
                    throw new TractException(ErrorCode.CONNECT_FAILED, to + " is dead");
                }
                raise(refuse.apply(sent), "refused by the test");
                Answer answer = to.equals(METADATA)
                        ? Answer.of(metadata.handle(message, options))
                        : metadata.stores.get(store).handle(message, bytes);
                raise(lose.apply(sent), "answer lost by the test");
                @SuppressWarnings("unchecked") // A method's handler answers with the method's response.
                R response = (R) answer.message();
                return CompletableFuture.completedFuture(new Reply<>(
                        response,
                        allocator.directBuffer(answer.body().remaining()).writeBytes(answer.body())));
            }
        } catch (TractException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            bytes.release();
        }
    }

    private static void raise(Optional<ErrorCode> code, String message) throws TractException {
        if (code.isPresent()) {
            throw new TractException(code.get(), message);
        }
    }

    private <R> CompletableFuture<Reply<R>> silence(CallOptions options) {
        CompletableFuture<Reply<R>> future = new CompletableFuture<>();
        var unused = time.after(
                options.timeoutMs(),
                () -> future.completeExceptionally(
                        new TractException(ErrorCode.DEADLINE_EXCEEDED, "no answer in " + options.timeoutMs())));
        return future;
    }

    synchronized long count(String method) {
        return log.stream().filter(method::equals).count();
    }

    static ByteString bytes(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
        return ByteString.copyFrom(bytes);
    }
}
