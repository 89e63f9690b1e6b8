package io.tractfs.client.transport;

import com.google.protobuf.MessageLite;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Reply;
import java.util.concurrent.CompletableFuture;

/**
 * Calls to servers, each tried once. The seam between the client's logic and the network. Implementations are
 * thread-safe.
 */
@FunctionalInterface
public interface RpcCalls {
    /**
     * Sends a call. The future may complete on an event loop, so what depends on it must not block; it fails with a
     * {@code TractException}. Whoever takes the reply closes it.
     *
     * @param body handed over, released also when the call fails
     */
    <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
            HostPort to, Method<Q, R> method, Q message, Body body, CallOptions options);
}
