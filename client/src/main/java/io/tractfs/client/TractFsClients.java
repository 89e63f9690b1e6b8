package io.tractfs.client;

import io.tractfs.client.lease.LeaseKeeper;
import io.tractfs.client.namespace.FileOpener;
import io.tractfs.client.namespace.NamespaceCalls;
import io.tractfs.client.namespace.OpenFileStatus;
import io.tractfs.client.pool.ClientPool;
import io.tractfs.client.pool.PoolKey;
import io.tractfs.client.pool.SharedCluster;
import io.tractfs.client.read.BlockLocator;
import io.tractfs.client.read.TailReader;
import io.tractfs.client.read.TractFetcher;
import io.tractfs.client.retry.Backoff;
import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.table.Complaints;
import io.tractfs.client.transport.LocalHosts;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.client.write.OutputFactory;
import io.tractfs.id.ClientId;
import io.tractfs.id.RowVersion;
import io.tractfs.wire.rpc.HostPort;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Makes clients: the composition root of the client library. Thread-safe. */
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
        UUID session = UUID.randomUUID();
        Parts parts = new Parts(pool, cluster, config, new SplittableRandom(session.getMostSignificantBits()));
        MetadataCalls calls = new MetadataCalls(
                cluster.metadataCalls(),
                cluster.addresses(),
                config.retry(),
                pool.timer(),
                pool.clock(),
                parts.seeds().split());
        ClientId client = new ClientId(session);
        NamespaceCalls namespace = new NamespaceCalls(calls, client);
        LeaseKeeper leases = new LeaseKeeper(calls, client, pool.timer(), pool.clock());
        Complaints complaints = new Complaints(calls, pool.clock());
        return new RemoteTractFsClient(
                namespace,
                new OpenFileStatus(namespace, parts.tails()),
                parts.opener(calls, leases, complaints),
                parts.reading(complaints),
                leases,
                use::close,
                config.listPage());
    }

    /** What the parts of one client are made from. */
    private record Parts(ClientPool pool, SharedCluster cluster, ClientConfig config, SplittableRandom seeds) {
        StoreCalls stores() {
            return new StoreCalls(cluster.storeCalls(), config.retry().dataTimeoutMs());
        }

        Backoff pause() {
            return new Backoff(config.retry().leastDelayMs(), config.retry().mostDelayMs());
        }

        TailReader tails() {
            return new TailReader(
                    stores(),
                    cluster.table(),
                    pool.clock(),
                    pause(),
                    config.read().tailTimeoutMs());
        }

        FileOpener opener(MetadataCalls calls, LeaseKeeper leases, Complaints complaints) {
            OutputFactory.Transport transport = new OutputFactory.Transport(
                    stores(), pool.timer(), pool.clock(), cluster.loops().allocator());
            OutputFactory outputs = new OutputFactory(
                    transport,
                    cluster.table(),
                    word -> complaints.complain(
                            word.member(), word.row(), word.version(), word.code(), word.storeVersion()),
                    config.write(),
                    config.retry(),
                    seeds.split());
            return new FileOpener(
                    calls,
                    leases,
                    outputs,
                    pool.clock(),
                    config.write().windowTracts(),
                    config.write().syncOnClose());
        }

        RemoteTractFsClient.Reading reading(Complaints complaints) {
            TractFetcher.Parts fetching = new TractFetcher.Parts(
                    stores(),
                    cluster.table(),
                    cluster.health(),
                    (store, row, version, code) ->
                            complaints.complain(store.ref(), row, version, code, RowVersion.NONE),
                    pool.timer(),
                    pool.clock());
            TractFetcher fetcher =
                    new TractFetcher(fetching, config.read(), pause(), LocalHosts::contains, seeds.split());
            return new RemoteTractFsClient.Reading(
                    fetcher, config.read(), pool.budget(), new BlockLocator(cluster.table()));
        }
    }
}
