package io.tractfs.client;

import io.netty.buffer.ByteBufAllocator;
import io.tractfs.client.lease.LeaseKeeper;
import io.tractfs.client.namespace.FileOpener;
import io.tractfs.client.namespace.NamespaceCalls;
import io.tractfs.client.namespace.OpenFileStatus;
import io.tractfs.client.read.BlockLocator;
import io.tractfs.client.read.BufferBudget;
import io.tractfs.client.read.CorruptFileSearch;
import io.tractfs.client.read.FileDigester;
import io.tractfs.client.read.MemberHealth;
import io.tractfs.client.read.TailReader;
import io.tractfs.client.read.TractFetcher;
import io.tractfs.client.retry.Backoff;
import io.tractfs.client.retry.MetadataAddresses;
import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.table.Complaints;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.LocalHosts;
import io.tractfs.client.transport.RpcCalls;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.client.write.OutputFactory;
import io.tractfs.id.ClientId;
import io.tractfs.id.RowVersion;
import io.tractfs.time.Clock;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What one client is made from, and how: the composition root of the client library. Everything that reaches outside
 * comes in through it, so tests put fakes there. Immutable.
 *
 * @param calls to servers
 * @param shared with other clients
 * @param timer of delayed tasks
 * @param clock of all limits in time
 * @param config of this client
 * @param session drawn for this client; also seeds its jitter
 */
record ClientParts(Calls calls, Shared shared, Timer timer, Clock clock, ClientConfig config, UUID session) {
    /** The network. */
    record Calls(RpcCalls metadata, RpcCalls stores, MetadataAddresses addresses) {}

    /** What is known of the cluster, and memory. */
    record Shared(TableCache table, MemberHealth health, BufferBudget budget, ByteBufAllocator allocator) {}

    /**
     * The client.
     *
     * @param release gives back what is shared when the client is closed
     */
    TractFsClient assemble(RemoteTractFsClient.AutoCloseableQuietly release) {
        SplittableRandom seeds =
                new SplittableRandom(session.getMostSignificantBits() ^ session.getLeastSignificantBits());
        MetadataCalls metadata =
                new MetadataCalls(calls.metadata(), calls.addresses(), config.retry(), timer, clock, seeds.split());
        ClientId client = new ClientId(session);
        NamespaceCalls namespace = new NamespaceCalls(metadata, client);
        LeaseKeeper leases = new LeaseKeeper(metadata, client, timer, clock);
        Complaints complaints = new Complaints(metadata, clock);
        TailReader tails = new TailReader(
                stores(), shared.table(), timer, clock, pause(), config.read().tailTimeoutMs());
        return new RemoteTractFsClient(
                namespace,
                new OpenFileStatus(namespace, tails),
                opener(metadata, leases, complaints, seeds),
                reading(namespace, complaints, seeds),
                leases,
                release,
                config.listPage());
    }

    private StoreCalls stores() {
        return new StoreCalls(calls.stores(), config.retry().dataTimeoutMs());
    }

    private Backoff pause() {
        return new Backoff(config.retry().leastDelayMs(), config.retry().mostDelayMs());
    }

    private FileOpener opener(
            MetadataCalls metadata, LeaseKeeper leases, Complaints complaints, SplittableRandom seeds) {
        OutputFactory outputs = new OutputFactory(
                new OutputFactory.Transport(stores(), timer, clock, shared.allocator()),
                shared.table(),
                word -> complaints.complain(
                        word.member(), word.row(), word.version(), word.code(), word.storeVersion()),
                config.write(),
                config.retry(),
                seeds.split());
        return new FileOpener(
                metadata,
                leases,
                outputs,
                clock,
                config.write().windowTracts(),
                config.write().syncOnClose());
    }

    private RemoteTractFsClient.Reading reading(
            NamespaceCalls namespace, Complaints complaints, SplittableRandom seeds) {
        TractFetcher.Parts fetching = new TractFetcher.Parts(
                stores(),
                shared.table(),
                shared.health(),
                (store, row, version, code) -> complaints.complain(store.ref(), row, version, code, RowVersion.NONE),
                timer,
                clock);
        TractFetcher fetcher = new TractFetcher(fetching, config.read(), pause(), LocalHosts::contains, seeds.split());
        return new RemoteTractFsClient.Reading(
                fetcher,
                fetcher.local(config.local(), shared.allocator()),
                config.read(),
                shared.budget(),
                new BlockLocator(shared.table()),
                new FileDigester(fetcher),
                new CorruptFileSearch(namespace, stores(), shared.table()));
    }
}
