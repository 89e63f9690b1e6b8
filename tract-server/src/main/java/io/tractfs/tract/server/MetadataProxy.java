package io.tractfs.tract.server;

import com.google.protobuf.MessageLite;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.RpcClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls a metadata server. Thread-safe. */
final class MetadataProxy {
    /** The RPC layer ends calls at their time; this is for one that does not. */
    private static final long GRACE_MS = 5_000;

    private final RpcClient client;

    MetadataProxy(RpcClient client) {
        this.client = client;
    }

    /** Calls without waiting; the future is completed on an event loop. */
    <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> send(
            HostPort server, Method<Q, R> method, Q message, long timeoutMs) {
        return client.call(server, method, message, Body.NONE, CallOptions.timeout(timeoutMs))
                .thenApply(reply -> {
                    try (reply) {
                        return reply.message();
                    }
                });
    }

    /** Calls and waits. */
    <Q extends MessageLite, R extends MessageLite> R call(
            HostPort server, Method<Q, R> method, Q message, long timeoutMs)
            throws TractException, InterruptedException {
        try {
            return send(server, method, message, timeoutMs).get(timeoutMs + GRACE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw Failures.of(e);
        } catch (TimeoutException e) {
            throw new TractException(ErrorCode.DEADLINE_EXCEEDED, method + " at " + server + " was not answered", e);
        }
    }
}
