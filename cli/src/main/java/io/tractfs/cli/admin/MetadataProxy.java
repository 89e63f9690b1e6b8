package io.tractfs.cli.admin;

import com.google.protobuf.MessageLite;
import io.tractfs.error.ErrorClass;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.checkpoint.CheckpointProxy;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks the metadata server that leads, and on its word tract servers. Without retries unless the method says so: whoever asks says what
 * a failure means. Confined to the command's thread.
 */
public final class MetadataProxy implements AutoCloseable {
    private static final long AGAIN_MS = 15_000;
    private static final long PAUSE_MS = 200;
    private static final long NANOS_PER_MS = 1_000_000;

    private static final String LEADER = "leader";

    private final List<HostPort> addresses;
    private int turn;
    private final long timeoutMs;
    private final EventLoops loops = new EventLoops("cli", 1);
    private final RpcClient client;

    /** A proxy; it connects when it is first asked. */
    public MetadataProxy(List<HostPort> addresses, long timeoutMs) {
        this.addresses = List.copyOf(addresses);
        this.timeoutMs = timeoutMs;
        Identity identity = Identity.of(System.getProperty("user.name"), null, "tractfs-cli");
        RpcClientConfig connections = RpcClientConfig.defaults();
        this.client = new RpcClient(addresses.size() > 1 ? connections.amongSeveral() : connections, identity, loops);
    }

    /** The metadata servers, of which the one that leads is asked. */
    public List<HostPort> addresses() {
        return addresses;
    }

    /**
     * State of the cluster, as the metadata server that leads says; if none does, as any other.
     *
     * @param rows whether each row is wanted too
     */
    public ReportResponse report(boolean rows) throws TractException {
        ReportRequest request = ReportRequest.newBuilder().setRows(rows).build();
        @Nullable ReportResponse other = null;
        @Nullable TractException failure = null;
        for (int asked = 0; asked < addresses.size(); asked++) {
            try {
                ReportResponse report = await(Methods.REPORT, callAsync(present(), Methods.REPORT, request));
                if (report.getRole().equals(LEADER)) {
                    return report;
                }
                other = report;
            } catch (TractException e) {
                failure = e;
            }
            turn++;
        }
        if (other != null) {
            return other;
        }
        throw failure == null ? new TractException(ErrorCode.INTERNAL, "nobody was asked") : failure;
    }

    private HostPort present() {
        return addresses.get(turn % addresses.size());
    }

    /** One call to the metadata server that leads. */
    public <Q extends MessageLite, R extends MessageLite> R call(Method<Q, R> method, Q request) throws TractException {
        for (int asked = 1; ; asked++) {
            try {
                return await(method, callAsync(present(), method, request));
            } catch (TractException e) {
                boolean undone = e.code() == ErrorCode.NOT_LEADER || e.code() == ErrorCode.CONNECT_FAILED;
                turn++;
                if (!undone || asked >= addresses.size()) {
                    throw e;
                }
            }
        }
    }

    /** A call to the metadata server that may be repeated, which is done for a while unless it is refused for good. */
    public <Q extends MessageLite, R extends MessageLite> R callAgain(Method<Q, R> method, Q request)
            throws TractException {
        long deadline = System.nanoTime() + AGAIN_MS * NANOS_PER_MS;
        while (true) {
            try {
                return call(method, request);
            } catch (TractException e) {
                boolean gone = e.code() == ErrorCode.SHUTTING_DOWN && addresses.size() == 1;
                boolean passing = e.code().errorClass() != ErrorClass.FAIL && !gone;
                if (!passing || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            LockSupport.parkNanos(PAUSE_MS * NANOS_PER_MS);
        }
    }

    /** Fetches copies of the namespace from one of the metadata servers. */
    public CheckpointProxy checkpointAt(HostPort server) {
        return new CheckpointProxy(client, server);
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
