package io.tractfs.cli.admin;

import com.google.protobuf.MessageLite;
import io.tractfs.error.ErrorClass;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.proto.ReportRequest;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a metadata server, and on its word tract servers. Without retries unless the method says so: whoever asks says what
 * a failure means. Confined to the command's thread.
 */
public final class MetadataProxy implements AutoCloseable {
    private static final long AGAIN_MS = 15_000;
    private static final long PAUSE_MS = 200;
    private static final long NANOS_PER_MS = 1_000_000;

    private final HostPort address;
    private final long timeoutMs;
    private final EventLoops loops = new EventLoops("cli", 1);
    private final RpcClient client;

    /** A proxy; it connects when it is first asked. */
    public MetadataProxy(HostPort address, long timeoutMs) {
        this.address = address;
        this.timeoutMs = timeoutMs;
        Identity identity = Identity.of(System.getProperty("user.name"), null, "tractfs-cli");
        this.client = new RpcClient(RpcClientConfig.defaults(), identity, loops);
    }

    /** Who is asked. */
    public HostPort address() {
        return address;
    }

    /**
     * State of the cluster.
     *
     * @param rows whether each row is wanted too
     */
    public ReportResponse report(boolean rows) throws TractException {
        return call(Methods.REPORT, ReportRequest.newBuilder().setRows(rows).build());
    }

    /** One call to the metadata server. */
    public <Q extends MessageLite, R extends MessageLite> R call(Method<Q, R> method, Q request) throws TractException {
        return await(method, callAsync(address, method, request));
    }

    /** A call to the metadata server that may be repeated, which is done for a while unless it is refused for good. */
    public <Q extends MessageLite, R extends MessageLite> R callAgain(Method<Q, R> method, Q request)
            throws TractException {
        long deadline = System.nanoTime() + AGAIN_MS * NANOS_PER_MS;
        while (true) {
            try {
                return await(method, callAsync(address, method, request));
            } catch (TractException e) {
                boolean passing = e.code().errorClass() != ErrorClass.FAIL && e.code() != ErrorCode.SHUTTING_DOWN;
                if (!passing || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            LockSupport.parkNanos(PAUSE_MS * NANOS_PER_MS);
        }
    }

    /** One call to some server. */
    public <Q extends MessageLite, R extends MessageLite> R call(HostPort to, Method<Q, R> method, Q request)
            throws TractException {
        return await(method, callAsync(to, method, request));
    }

    /** One call to some server; a failure is a {@link TractException}, perhaps in a completion exception. */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> callAsync(
            HostPort to, Method<Q, R> method, Q request) {
        return client.call(to, method, request, Body.NONE, CallOptions.timeout(timeoutMs))
                .thenApply(reply -> {
                    try (reply) {
                        return reply.message();
                    }
                });
    }

    private static <R extends MessageLite> R await(Method<?, R> method, CompletableFuture<R> call)
            throws TractException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TractException cause) {
                throw cause;
            }
            throw new TractException(ErrorCode.INTERNAL, method.name() + " failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TractException(ErrorCode.SHUTTING_DOWN, "interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
        loops.close();
    }
}
