package io.tractfs.wire.rpc;

import com.google.protobuf.MessageLite;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Identity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls servers by address, over connections that it keeps: one or a few per address, dialled on first use, again after
 * a failure (with a new look-up of the host), and closed when they are idle. It remembers as many addresses as a cluster
 * has. It retries nothing; what may be tried again is said by the error's class. Thread-safe.
 */
public final class RpcClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcClient.class);
    private static final int LOOKUP_THREADS = 2;
    private static final int MAX_LOOKUPS_WAITING = 1024;
    private static final long LOOKUP_THREAD_IDLE_S = 10;

    private final RpcClientConfig config;
    private final Clock clock;
    private final Dialer dialer;
    private final ThreadPoolExecutor lookups;
    private final Map<HostPort, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final List<Consumer<HostPort>> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** A client on the machine's clock; it dials nothing before the first call. The caller closes the loops after it. */
    public RpcClient(RpcClientConfig config, Identity identity, EventLoops loops) {
        this(config, identity, loops, Clock.SYSTEM);
    }

    /** A client; it dials nothing before the first call. The caller closes the loops after it. */
    public RpcClient(RpcClientConfig config, Identity identity, EventLoops loops, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.lookups = lookups(loops.owner());
        this.dialer = new Dialer(config, identity, loops, clock, lookups);
    }

    private static ThreadPoolExecutor lookups(String owner) {
        AtomicInteger next = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                LOOKUP_THREADS,
                LOOKUP_THREADS,
                LOOKUP_THREAD_IDLE_S,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_LOOKUPS_WAITING),
                task -> {
                    Thread thread = new Thread(task, owner + "-lookup-" + next.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Calls the server at an address; errors and ownership as in {@link RpcChannel#call}. */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
            HostPort address, Method<Q, R> method, Q message, Body body, CallOptions options) {
        ClientConnection connection;
        try {
            connection = connection(address);
        } catch (TractException e) {
            body.release();
            return CompletableFuture.failedFuture(e);
        }
        return connection.call(method, message, body, options);
    }

    /**
     * Is told of each connection that had been established and that this client did not close. Called on an event loop:
     * it must not block. A failed attempt to connect shows in the calls alone.
     */
    public void onConnectionLost(Consumer<HostPort> listener) {
        listeners.add(listener);
    }

    private ClientConnection connection(HostPort address) throws TractException {
        if (closed) {
            throw new TractException(ErrorCode.SHUTTING_DOWN, "this client is closed");
        }
        Endpoint endpoint = endpoints.computeIfAbsent(
                address, key -> new Endpoint(key, config, dialer, clock, this::connectionLost));
        ClientConnection connection = endpoint.connection();
        if (closed) {
            // It may have been dialled after close() had looked.
            endpoint.close();
        }
        return connection;
    }

    private void connectionLost(HostPort address) {
        LOG.info("event=rpc-connection-lost address={}", address);
        for (Consumer<HostPort> listener : listeners) {
            try {
                listener.accept(address);
            } catch (RuntimeException e) {
                LOG.error("event=rpc-listener-failed address={}", address, e);
            }
        }
    }

    /** Closes all connections; calls in flight fail. Returns at once. */
    @Override
    public void close() {
        closed = true;
        endpoints.values().forEach(Endpoint::close);
        lookups.shutdown();
    }
}
