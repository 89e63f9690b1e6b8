package io.tractfs.tract.server;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.time.Clock;
import io.tractfs.web.CommonPages;
import io.tractfs.web.WebServer;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HelloAcceptor;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import io.tractfs.wire.rpc.RpcServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tract server: puts its parts together, starts them and stops them in order. The stores are open when they come;
 * {@link #close} closes them. Thread-safe after {@link #start}.
 */
public final class TractServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TractServer.class);
    private static final String SOFTWARE = "tractfs-tract-server " + version();

    private final TractServerConfig config;
    private final Stores stores;
    private final Layout layout = new Layout();
    private final EventLoops loops;
    private final RpcClient client;
    private final RpcClient metadata;
    private final RpcServer server;
    private final WebServer web;
    private final HeldReports reports = new HeldReports();
    private final UpkeepLoop upkeep;
    private final NamespaceCopy copy;
    private final Clock clock;
    private volatile Optional<MetadataSession> session = Optional.empty();
    private volatile Optional<HostPort> address = Optional.empty();
    private boolean closed;

    /**
     * Puts a server together; nothing is started.
     *
     * @param opened the stores, at least one, all of one cluster, and the directories that are not served
     * @param shown settings as the web page shows them
     */
    public TractServer(TractServerConfig config, DirectoryStore.Opened opened, Map<String, String> shown, Clock clock)
            throws TractException {
        this.config = config;
        this.clock = clock;
        ClusterId cluster = opened.stores().get(0).cluster();
        this.loops = new EventLoops(
                config.name(), Math.max(2, Runtime.getRuntime().availableProcessors()), config.spinMicros());
        this.client = new RpcClient(
                config.rpcClient(), Identity.of(System.getProperty("user.name", "tractfs"), cluster, SOFTWARE), loops);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        TractServerMetrics metrics = new TractServerMetrics(registry);
        Peers peers = new Peers();
        this.stores = stores(opened, new ServedStores(config, client, peers, reports, metrics, clock));
        metrics.watchRefused(stores.refused()::size);
        RpcClientConfig connections = config.rpcClient();
        this.metadata = new RpcClient(
                config.metadata().size() > 1 ? connections.amongSeveral() : connections,
                Identity.of(System.getProperty("user.name", "tractfs"), cluster, SOFTWARE),
                loops);
        this.upkeep = new UpkeepLoop(config, stores, layout, new MetadataProxy(metadata), clock);
        this.copy = new NamespaceCopy(
                config.name(),
                Path.of(opened.stores().get(0).name()),
                config.namespaceCopyMs(),
                metadata,
                upkeep::confirmedLeader,
                clock);
        Calls calls = new Calls(metrics);
        RpcServer.Builder builder = RpcServer.builder()
                .bind(config.dataBind())
                .loops(loops)
                .config(config.rpcServer())
                .clusterId(() -> Optional.of(cluster))
                .software(SOFTWARE)
                // Who may act for whom, the metadata server has decided before a client learns of any tract.
                .helloAcceptor(HelloAcceptor.ANYBODY);
        new WriteHandlers(stores, layout, calls, metrics).register(builder);
        new ReadHandlers(stores, layout, calls, metrics).register(builder);
        new ChecksumHandler(stores, layout, calls).register(builder);
        new LocateHandler(stores, layout, calls).register(builder);
        new ReplicationHandler(stores, layout, calls).register(builder);
        new InspectHandlers(stores, layout, calls, upkeep::garbageLog, clock).register(builder);
        new ControlHandlers(stores, peers, calls, this::registerAgain, this::report).register(builder);
        this.server = builder.build();
        this.web = new WebServer(config.webBind(), "tract-server");
        web.health("/health/live", () -> true);
        web.health("/health/ready", this::isReady);
        web.page("/metrics", registry::scrape);
        web.page("/conf", () -> CommonPages.settings(shown));
        web.page("/stacks", CommonPages::stacks);
    }

    /**
     * Starts to serve and to look for the leader.
     *
     * @return the address of the data port
     * @throws IOException if a port cannot be bound
     */
    public HostPort start() throws IOException {
        HostPort bound = server.start();
        address = Optional.of(bound);
        HostPort web = this.web.start();
        HostPort wanted = config.dataAdvertised();
        HostPort advertised = new HostPort(wanted.host(), wanted.port() == 0 ? bound.port() : wanted.port());
        for (ServedStore store : stores.all()) {
            store.reconciler().start();
            if (store.open().rows() > 0) {
                layout.adopt(store.open().rows());
            }
            emptyLeftovers(store);
        }
        Registration registration = new Registration(config, advertised, web.port(), SOFTWARE, stores, layout);
        MetadataSession begun =
                new MetadataSession(config, registration, reports, new MetadataProxy(metadata), upkeep::heard, clock);
        session = Optional.of(begun);
        begun.start();
        upkeep.start();
        copy.start();
        LOG.info(
                "event=tract-server-started server={} data={} advertised={} web={} stores={}",
                config.name(),
                bound,
                advertised,
                web,
                stores.all().size());
        return bound;
    }

    /** Where data is served, once it is. */
    public Optional<HostPort> address() {
        return address;
    }

    /** Whether a leader knows this server and a store works. */
    public boolean isReady() {
        return session.map(MetadataSession::isRegistered).orElse(false)
                && stores.all().stream()
                        .anyMatch(store -> store.tracts().failure().isEmpty());
    }

    /** Announces that it leaves, stops serving, finishes what was accepted, and closes the stores. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        session.ifPresent(MetadataSession::close);
        // What waits for the metadata server or another store ends here: both may be gone already.
        metadata.close();
        client.close();
        web.close();
        copy.close();
        upkeep.close();
        server.close();
        for (ServedStore store : stores.all()) {
            close(store);
        }
        loops.close();
        LOG.info("event=tract-server-stopped server={}", config.name());
    }

    private static void close(ServedStore store) {
        store.threads().close();
        store.open().close();
    }

    /** Takes the stores into service; one whose ledger cannot be read is set aside alone. */
    private static Stores stores(DirectoryStore.Opened opened, ServedStores parts) throws TractException {
        List<ServedStore> served = new ArrayList<>();
        List<RefusedDirectory> refused = new ArrayList<>(opened.refused());
        for (OpenStore store : opened.stores()) {
            try {
                served.add(parts.serve(store, served.size()));
            } catch (TractException e) {
                store.close();
                refused.add(RefusedDirectory.of(Path.of(store.name()), e));
            }
        }
        if (served.isEmpty()) {
            throw RefusedDirectory.noneLeft(refused);
        }
        return new Stores(served, refused);
    }

    /** What an order to empty a row left undone when the store stopped (P15). */
    private static void emptyLeftovers(ServedStore store) {
        try {
            store.emptier()
                    .empty(store.ledger().load().values().stream()
                            .filter(row -> row.row().columnOf(store.ref().store()) < 0)
                            .toList());
        } catch (TractException e) {
            LOG.warn("event=leftovers-kept store={} reason={}", store.ref(), e.getMessage());
        }
    }

    private void registerAgain() {
        session.ifPresent(MetadataSession::registerAgain);
    }

    private void report(ControlHandlers.Report report) {
        reports.add(report.store().ref(), report.row());
    }

    private static String version() {
        String version = TractServer.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
