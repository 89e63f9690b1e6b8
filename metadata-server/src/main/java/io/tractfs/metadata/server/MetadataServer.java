package io.tractfs.metadata.server;

import io.tractfs.config.Settings;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.assignment.AssignmentConfig;
import io.tractfs.metadata.assignment.AssignmentCore;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.ServerAddress;
import io.tractfs.metadata.audit.AuditLog;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.raft.BatchLimits;
import io.tractfs.metadata.raft.RaftPortLimits;
import io.tractfs.metadata.raft.RatisCommandLog;
import io.tractfs.metadata.raft.RatisConfig;
import io.tractfs.metadata.rocks.ReplaceableKeyValueStore;
import io.tractfs.metadata.rocks.RocksLimits;
import io.tractfs.metadata.server.hadoop.HadoopIdentity;
import io.tractfs.metadata.server.hadoop.HadoopTopology;
import io.tractfs.time.Clock;
import io.tractfs.web.CommonPages;
import io.tractfs.web.WebServer;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HelloAcceptor;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import io.tractfs.wire.rpc.RpcServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root of a metadata server: everything is made and wired here, and nowhere else. Parts are closed in
 * the reverse order of their making, also when the start fails half-way. Not thread-safe; {@link #close()} may be called
 * by any thread, once.
 */
public final class MetadataServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataServer.class);
    private static final String SOFTWARE = "tractfs-metadata";
    private static final long CONNECT_MS = 1000;
    private static final long KEEP_ALIVE_MS = 5000;
    private static final long IDLE_MS = TimeUnit.HOURS.toMillis(1);
    private static final int GARBAGE_TICKS = 10;
    private static final long SPACE_MS = 200;
    private static final long LEAD_AGAIN_MS = 200;

    private final MetadataConfig config;
    private final Settings settings;
    private final Clock clock;
    private final Supplier<UUID> random;
    private final Runnable onFailure;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    /** Hadoop's parts take a while to be loaded; the namespace and the log are opened meanwhile. */
    private final CompletableFuture<Hadoop> hadoop = new CompletableFuture<>();

    /** What is asked of Hadoop's configuration. Immutable. */
    private record Hadoop(HadoopIdentity identity, HadoopTopology topology) {}

    /** Where a started server listens. Immutable. */
    public record Addresses(HostPort rpc, HostPort web) {}

    /**
     * A server that is not started.
     *
     * @param settings all settings, since Hadoop's group lookup and proxy rules have keys of their own
     * @param random draws lineages
     * @param onFailure called when the server cannot go on: its log or its assignment failed
     */
    public MetadataServer(
            MetadataConfig config, Settings settings, Clock clock, Supplier<UUID> random, Runnable onFailure) {
        this.config = config;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.onFailure = onFailure;
    }

    /**
     * Starts everything and listens.
     *
     * @throws IOException if the directory is not formatted or in use, or a port is taken; what was begun is closed
     */
    public Addresses start() throws IOException {
        try {
            return startParts();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    private Addresses startParts() throws IOException {
        MetadataDirectory directory = keep(MetadataDirectory.open(config.directory()));
        Thread loading = new Thread(this::loadHadoop, "metadata-hadoop-0");
        loading.setDaemon(true);
        loading.start();
        NamespaceConfig namespace = config.namespace();
        AtomicReference<RatisCommandLog> started = new AtomicReference<>();
        LeaderGate gate = new LeaderGate(() -> Optional.ofNullable(started.get())
                .flatMap(RatisCommandLog::leader)
                .filter(leader -> !leader.name().equals(config.name()))
                .map(leader -> leader.rpc().toString())
                .orElse(""));
        // Opening writes: on a full disk into what is held.
        SpaceGuard space = SpaceGuard.of(config.directory(), config.shape().reserveBytes(), gate);
        space.look();
        ReplaceableKeyValueStore store =
                keep(ReplaceableKeyValueStore.open(directory.resolve("namespace"), RocksLimits.DEFAULT));
        NamespaceState state = new NamespaceState(store);
        NamespaceReader reader = new NamespaceReader(store);
        ReadPool reads = keep(new ReadPool(namespace.readThreads()));
        EventLoops loops = keep(new EventLoops(
                "metadata", config.shape().ioThreads(), config.shape().spinMicros()));
        RpcClient client = keep(new RpcClient(
                RpcClientConfig.defaults().withTimes(CONNECT_MS, KEEP_ALIVE_MS, IDLE_MS, 0),
                Identity.of(config.superuser(), directory.cluster(), SOFTWARE),
                loops));
        ClusterLayout toFormat = new ClusterLayout(
                directory.cluster(),
                config.shape().rows(),
                config.shape().columns(),
                namespace.defaults(),
                namespace.supergroup());
        if (config.peers().size() > 1) {
            gate.follow(); // Any other may lead already.
        }
        RestoreSession restore = new RestoreSession(client);
        LeadershipDriver driver = new LeadershipDriver(
                state,
                gate,
                new LeadershipDriver.Format(toFormat, config.superuser()),
                () -> new Lineage(random.get()),
                new LeadershipDriver.Threads(
                        reads.executor(),
                        CompletableFuture.delayedExecutor(LEAD_AGAIN_MS, TimeUnit.MILLISECONDS, reads.executor())),
                restore);
        RatisCommandLog log = keep(RatisCommandLog.start(
                new RatisConfig(
                        directory.resolve("log"),
                        config.name(),
                        config.raftBind(),
                        config.peers(),
                        config.election().toMillis(),
                        namespace.retryRetention().toMillis(),
                        namespace.limits(),
                        namespace.logCut().entries(),
                        namespace.logCut().bytes(),
                        namespace.logCut().interval().toMillis(),
                        BatchLimits.DEFAULT,
                        portLimits()),
                state,
                driver,
                new CheckpointInstall(client, store),
                gate::hasSpaceToFlush,
                clock));
        started.set(log);
        return new Wiring(
                        directory, store, state, reader, reads, loops, client, gate, driver, log, toFormat, restore,
                        space)
                .serve();
    }

    private void loadHadoop() {
        try {
            hadoop.complete(new Hadoop(new HadoopIdentity(settings.values()), new HadoopTopology(settings.values())));
        } catch (RuntimeException | Error e) {
            hadoop.completeExceptionally(e);
        }
    }

    /** Whoever comes to the port of the peers has as much time as whoever comes to the other one. */
    private RaftPortLimits portLimits() {
        return new RaftPortLimits(
                RaftPortLimits.DEFAULT.connections(),
                config.server().helloTimeoutMs(),
                config.server().idleTimeoutMs());
    }

    /** The second half of the start, over the parts of the first. Confined to the starting thread. */
    private final class Wiring {
        private final MetadataDirectory directory;
        private final ReplaceableKeyValueStore store;
        private final NamespaceState state;
        private final NamespaceReader reader;
        private final ReadPool reads;
        private final EventLoops loops;
        private final RpcClient client;
        private final LeaderGate gate;
        private final LeadershipDriver driver;
        private final RatisCommandLog log;
        private final ClusterLayout formatted;
        private final RestoreSession restore;
        private final SpaceGuard guard;

        Wiring(
                MetadataDirectory directory,
                ReplaceableKeyValueStore store,
                NamespaceState state,
                NamespaceReader reader,
                ReadPool reads,
                EventLoops loops,
                RpcClient client,
                LeaderGate gate,
                LeadershipDriver driver,
                RatisCommandLog log,
                ClusterLayout formatted,
                RestoreSession restore,
                SpaceGuard guard) {
            this.restore = restore;
            this.guard = guard;
            this.directory = directory;
            this.store = store;
            this.state = state;
            this.reader = reader;
            this.reads = reads;
            this.loops = loops;
            this.client = client;
            this.gate = gate;
            this.driver = driver;
            this.log = log;
            this.formatted = formatted;
        }

        Addresses serve() throws IOException {
            NamespaceConfig namespace = config.namespace();
            LeaseClock leases = new LeaseClock(
                    namespace.softLimit().toNanos(), namespace.hardLimit().toNanos());
            TreeSweeper sweeper = new TreeSweeper(state, log);
            ScheduledExecutorService timer = timer();
            StoreProxies proxies =
                    new StoreProxies(client, log, state, config.timing().death().toMillis());
            LateMonitor late = new LateMonitor(sweeper, timer);
            EffectRunner effects =
                    new EffectRunner(log, proxies, gate, () -> state.layout().orElse(formatted), late, clock);
            AssignmentCore core = new AssignmentCore(assignment(state.layout().orElse(formatted)));
            AssignmentLoop loop = keep(new AssignmentLoop("metadata", core, effects, clock, onFailure));
            FileRecovery recovery = new FileRecovery(
                    (segment, generation) -> TailProxy.members(client, effects.view(), segment, generation),
                    log,
                    RecoveryTimer.of(timer),
                    clock,
                    config.namespace().softLimit(),
                    (file, generation) -> reader.holds(CallName.NO_CLIENT, file, generation));
            LeaseMonitor monitor = new LeaseMonitor(leases, reader, log, recovery, clock);
            late.monitor = monitor;
            SpaceLedger space = new SpaceLedger(effects::view);
            GarbageCursors garbage = new GarbageCursors(state, log);
            ServerParts shared = new ServerParts(
                    config,
                    state,
                    log,
                    gate,
                    loop,
                    effects::view,
                    reads,
                    space,
                    garbage,
                    new DamageReports(),
                    new RecoveryLog(),
                    new WriteSequences(),
                    restore);
            client.onConnectionLost(
                    lost -> loop.offer(new Event.ConnectionLost(new ServerAddress(lost.host(), lost.port()))));
            RpcServer.Builder builder = RpcServer.builder()
                    .bind(config.rpcBind())
                    .loops(loops)
                    .config(config.server())
                    .clock(clock)
                    .clusterId(() -> Optional.of(directory.cluster()))
                    .software(SOFTWARE)
                    .helloAcceptor(HelloAcceptor.ANYBODY);
            HadoopIdentity identity = hadoop.join().identity();
            Requesters requesters = new Requesters(
                    identity,
                    identity,
                    new Requesters.Superusers(config.superuser(), namespace.supergroup()),
                    reads.executor(),
                    clock,
                    namespace.groupCache().toNanos());
            AuditLog audit = keep(
                    new AuditLog(namespace.audit().enabled(), namespace.audit().skipped()));
            audit.start();
            NamespaceHandlers.register(
                    builder,
                    new NamespaceServices(
                            log,
                            state,
                            reader,
                            requesters,
                            gate,
                            leases,
                            monitor,
                            sweeper,
                            reads,
                            space,
                            namespace,
                            clock,
                            new CallAudit(audit),
                            new AccessTimes(log, namespace.accessTimePrecision().toMillis())));
            TrashEmptier trash = new TrashEmptier(
                    reader,
                    log,
                    new TrashCheckpoints(ZoneId.systemDefault()),
                    config.superuser(),
                    new TrashEmptier.Terms(
                            TimeUnit.MINUTES.toMillis(namespace.trash().intervalMinutes()),
                            TimeUnit.MINUTES.toMillis(namespace.trash().checkpointMinutes())),
                    sweeper::kick,
                    audit);
            keep(new TrashLoop(trash, () -> log.isLeader() && gate.isServing(), clock))
                    .start();
            keep(new ReplicationDriver(
                            reader,
                            log,
                            new TractSteps(client, effects::view),
                            () -> log.isLeader() && gate.isServing()))
                    .start();
            new StoreHandlers(shared, hadoop.join().topology()).register(builder);
            new TableHandlers(shared).register(builder);
            new FsckHandlers(shared, reader, requesters, client).register(builder);
            new OperatorHandlers(shared, requesters, new CallAudit(audit)).register(builder);
            OpenCheckpoints checkpoints =
                    new OpenCheckpoints(directory.resolve("checkpoints"), this::checkpoint, clock);
            new CheckpointHandlers(shared, requesters, checkpoints, log::term).register(builder);
            timer.scheduleWithFixedDelay(() -> guarded(checkpoints::expire), 1, 1, TimeUnit.MINUTES);
            builder.on(Methods.REPORT, new ReportHandler(shared, log::peers, clock));
            RecoveryHandler progress = new RecoveryHandler(shared, shared.recoveries(), clock);
            builder.on(Methods.RECOVERY, progress);
            timer.scheduleWithFixedDelay(() -> guarded(progress::look), 1, 1, TimeUnit.SECONDS);
            loop.start();
            driver.start(log, loop);
            schedule(timer, monitor, garbage, log);
            timer.scheduleWithFixedDelay(() -> guarded(guard::look), SPACE_MS, SPACE_MS, TimeUnit.MILLISECONDS);
            RpcServer server = keep(builder.build());
            HostPort rpc = server.start();
            HostPort web = web(new MetadataMetrics(state, gate, effects::view, space, audit), gate, log);
            LOG.info("event=started name={} cluster={} rpc={} web={}", config.name(), directory.cluster(), rpc, web);
            return new Addresses(rpc, web);
        }

        /** The log is copied after the tables, so that it reaches as far as they do; its end may be torn. */
        private void checkpoint(Path target, boolean withLog) throws IOException {
            if (!gate.hasSpaceToFlush()) {
                throw new IOException("No copy of the namespace is made while " + config.directory()
                        + " has so little space that it is kept for the log");
            }
            store.checkpoint(target);
            if (withLog) {
                for (Path file : RatisCommandLog.files(directory.resolve("log"))) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
    }

    /** Begins to watch leases and to sweep once writes are served. Thread-safe. */
    private static final class LateMonitor implements Runnable {
        private final TreeSweeper sweeper;
        private final ScheduledExecutorService timer;
        private volatile @org.jspecify.annotations.Nullable LeaseMonitor monitor;

        LateMonitor(TreeSweeper sweeper, ScheduledExecutorService timer) {
            this.sweeper = sweeper;
            this.timer = timer;
        }

        @Override
        public void run() {
            timer.execute(() -> {
                LeaseMonitor leases = monitor;
                if (leases != null) {
                    leases.onLeader();
                }
                sweeper.kick();
            });
        }
    }

    private ScheduledExecutorService timer() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "metadata-timer-0");
            thread.setDaemon(true);
            return thread;
        });
        keep(timer::shutdownNow);
        return timer;
    }

    private void schedule(
            ScheduledExecutorService timer, LeaseMonitor monitor, GarbageCursors garbage, RatisCommandLog log) {
        timer.scheduleWithFixedDelay(
                () -> {
                    if (!log.isRunning()) {
                        LOG.error(
                                "event=log-stopped directory={} remedy=\"the reason is above; with space and a working"
                                        + " disk the server goes on where it was when it is started again\"",
                                config.directory());
                        onFailure.run();
                    } else if (log.isLeader()) {
                        guarded(monitor::tick);
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                () -> {
                    if (log.isLeader()) {
                        guarded(garbage::trim);
                    }
                },
                GARBAGE_TICKS,
                GARBAGE_TICKS,
                TimeUnit.SECONDS);
    }

    /** A task that throws must not end the timer. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("event=timer-task-failed", e);
        }
    }

    private AssignmentConfig assignment(ClusterLayout layout) {
        MetadataConfig.Timing timing = config.timing();
        return new AssignmentConfig(
                layout.rows(),
                layout.columns(),
                config.shape().expectedStores(),
                new AssignmentConfig.Timing(
                        timing.suspect().toNanos(),
                        timing.death().toNanos(),
                        timing.proposal().toNanos(),
                        timing.settle().toNanos(),
                        timing.settleLimit().toNanos(),
                        timing.grace().toNanos()));
    }

    private HostPort web(MetadataMetrics metrics, LeaderGate gate, RatisCommandLog log) throws IOException {
        keep(metrics);
        WebServer web = keep(new WebServer(config.webBind(), "metadata"));
        web.health("/health/live", log::isRunning);
        web.health("/health/ready", gate::isServing);
        web.page("/metrics", metrics::scrape);
        web.page("/stacks", CommonPages::stacks);
        web.page("/conf", () -> CommonPages.settings(settings.values()));
        return web.start();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("event=close-failed part={}", part.getClass().getSimpleName(), e);
            }
        }
    }
}
