package io.tractfs.client.pool;

import com.google.protobuf.MessageLite;
import io.tractfs.client.read.MemberHealth;
import io.tractfs.client.retry.MetadataAddresses;
import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.RpcCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.table.TableImage;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one cluster and identity share: connections, the leader's address, the table, what is known of
 * the stores' health. Connections to stores name the cluster in their hello, so that a port that another cluster has
 * taken over is noticed. Thread-safe.
 */
public final class SharedCluster {
    private static final String SOFTWARE = "tractfs-client";

    private final PoolKey key;
    private final EventLoops loops;
    private final RpcClient metadata;
    private final MetadataAddresses addresses;
    private final TableCache table;
    private final MemberHealth health;
    private @Nullable RpcClient stores;
    private @Nullable ClusterId storesCluster;
    private boolean closed;

    SharedCluster(PoolKey key, EventLoops loops, Timer timer, Clock clock) {
        this.key = key;
        this.loops = loops;
        RpcClientConfig connections = key.config().connections();
        this.metadata = client(null, key.metadata().size() > 1 ? connections.amongSeveral() : connections);
        this.addresses = new MetadataAddresses(key.metadata());
        this.health = new MemberHealth(clock);
        MetadataCalls calls = new MetadataCalls(
                metadata::call,
                addresses,
                key.retry(),
                timer,
                clock,
                new SplittableRandom(System.identityHashCode(this)));
        this.table = new TableCache(request -> calls.read(Methods.GET_TABLE, request));
    }

    private RpcClient client(@Nullable ClusterId cluster, RpcClientConfig connections) {
        Identity identity = new Identity(key.effectiveUser(), key.realUser(), cluster, SOFTWARE);
        return new RpcClient(connections, identity, loops);
    }

    /** Calls to metadata servers. */
    public RpcCalls metadataCalls() {
        return metadata::call;
    }

    /** Calls to stores; the table is known before the first. */
    public RpcCalls storeCalls() {
        // A generic method cannot be a lambda.
        return new RpcCalls() {
            @Override
            public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
                    HostPort to, Method<Q, R> method, Q message, Body body, CallOptions options) {
                RpcClient client;
                try {
                    client = stores();
                } catch (TractException e) {
                    body.release();
                    return CompletableFuture.failedFuture(e);
                }
                return client.call(to, method, message, body, options);
            }
        };
    }

    private synchronized RpcClient stores() throws TractException {
        if (closed) {
            throw new TractException(ErrorCode.SHUTTING_DOWN, "The client's connections are closed");
        }
        ClusterId cluster = table.current().map(TableImage::cluster).orElse(null);
        RpcClient present = stores;
        if (present == null || !Objects.equals(cluster, storesCluster)) {
            if (present != null) {
                present.close();
            }
            present = client(cluster, key.config().connections());
            stores = present;
            storesCluster = cluster;
        }
        return present;
    }

    /** The metadata servers and which of them leads. */
    public MetadataAddresses addresses() {
        return addresses;
    }

    /** The tract table. */
    public TableCache table() {
        return table;
    }

    /** Which stores were slow or failing. */
    public MemberHealth health() {
        return health;
    }

    /** The event loops, for their buffers. */
    public EventLoops loops() {
        return loops;
    }

    synchronized void close() {
        closed = true;
        metadata.close();
        if (stores != null) {
            stores.close();
        }
    }
}
