package io.tractfs.client;

import io.tractfs.client.pool.ClientPool;
import io.tractfs.client.pool.PoolKey;
import io.tractfs.client.pool.SharedCluster;
import io.tractfs.wire.rpc.HostPort;
import java.util.List;
import java.util.UUID;

/** Makes clients. Thread-safe. */
public final class TractFsClients {
    private TractFsClients() {}

    /**
     * A client whose effective user is its real user. Connects to nothing: the first call does.
     *
     * @param metadata addresses of the cluster's metadata servers
     */
    public static TractFsClient connect(List<HostPort> metadata, String user, ClientConfig config) {
        return connect(metadata, user, user, config);
    }

    /**
     * A client. Connects to nothing: the first call does.
     *
     * @param metadata addresses of the cluster's metadata servers
     * @param effectiveUser user whose rights the calls use
     * @param realUser user who started the program
     */
    public static TractFsClient connect(
            List<HostPort> metadata, String effectiveUser, String realUser, ClientConfig config) {
        PoolKey key = new PoolKey(metadata, effectiveUser, realUser, config.pool(), config.retry());
        return connect(ClientPool.process(), key, config);
    }

    /** A client over a pool of its own, for tests. */
    static TractFsClient connect(ClientPool pool, PoolKey key, ClientConfig config) {
        ClientPool.Use use = pool.use(key);
        SharedCluster cluster = use.cluster();
        ClientParts.Calls calls =
                new ClientParts.Calls(cluster.metadataCalls(), cluster.storeCalls(), cluster.addresses());
        ClientParts.Shared shared = new ClientParts.Shared(
                cluster.table(),
                cluster.health(),
                pool.budget(),
                cluster.loops().allocator());
        return new ClientParts(calls, shared, pool.timer(), pool.clock(), config, UUID.randomUUID())
                .assemble(use::close);
    }
}
