package io.tractfs.sim;

import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.AssignmentConfig;
import io.tractfs.sim.check.DurabilityChecker;
import io.tractfs.sim.check.Holders;
import io.tractfs.sim.check.MembershipChecker;
import io.tractfs.sim.check.NamespaceChecker;
import io.tractfs.sim.check.QuiescenceChecker;
import io.tractfs.sim.check.Truth;
import io.tractfs.sim.client.ClientParts;
import io.tractfs.sim.client.Paths;
import io.tractfs.sim.client.ReaderNode;
import io.tractfs.sim.client.WriterNode;
import io.tractfs.sim.fault.FaultInjector;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.LinkFaults;
import io.tractfs.sim.kernel.Network;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.metadata.ClusterRecords;
import io.tractfs.sim.metadata.Consensus;
import io.tractfs.sim.metadata.MetadataNode;
import io.tractfs.sim.protocol.Peers;
import io.tractfs.sim.store.DiskTiming;
import io.tractfs.sim.store.StoreDisk;
import io.tractfs.sim.store.StoreNode;
import io.tractfs.sim.store.StoreProcess;
import io.tractfs.sim.store.StoreWorld;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;

/** The processes, checkers and faults of one run, put together. Not thread-safe. */
final class SimulatedCluster {
    private static final int COLUMNS = 3;
    private static final int TRACT_SIZE = 2_048;
    private static final long MS = 1_000_000;
    /** Far more than any clock's, so that a run is long enough for it; writer recovery allows for five percent between two. */
    private static final int MOST_DRIFT_PPM = 20_000;

    private static final AssignmentConfig.Timing TIMING =
            new AssignmentConfig.Timing(750 * MS, 2_000 * MS, 500 * MS, 300 * MS, 20_000 * MS, 10_000 * MS);

    final Network network;
    final Consensus consensus;
    final FaultInjector faults;
    final DurabilityChecker durability;
    final QuiescenceChecker quiescence;
    final NamespaceChecker namespace;
    final List<StoreNode> stores = new ArrayList<>();
    final List<MetadataNode> servers = new ArrayList<>();
    final List<WriterNode> writers = new ArrayList<>();
    final List<ReaderNode> readers = new ArrayList<>();

    private final EventQueue time;
    private final SplittableRandom random;
    private final Scenario scenario;
    private final Peers peers = new Peers();
    private final ClusterRecords records;
    private final Truth truth = new Truth(TRACT_SIZE);
    private final List<StoreDisk> disks = new ArrayList<>();
    private long lastStore = 100;
    private long nextNumber = 1;
    private boolean draining;

    SimulatedCluster(Scenario scenario, EventQueue time) {
        this.time = time;
        this.scenario = scenario;
        this.random = new SplittableRandom(scenario.seed());
        this.network = new Network(time, new LinkFaults(random.split()));
        this.namespace = new NamespaceChecker(truth);
        this.records = new ClusterRecords(scenario.size().rows(), COLUMNS, Truth.WINDOW, namespace);
        namespace.watch(records.state());
        this.consensus = new Consensus(time, records, random.split());
        Holders holders = new Holders(disks, records::floor, scenario.size().rows());
        this.durability = new DurabilityChecker(truth, holders);
        this.quiescence = new QuiescenceChecker(truth, holders, durability, namespace);
        addStores();
        addServers();
        addClients();
        SplittableRandom drifts = random.split();
        stores.forEach(node -> drift(node.process(), drifts));
        servers.forEach(node -> drift(node.process(), drifts));
        writers.forEach(node -> drift(node.process(), drifts));
        this.faults = new FaultInjector(time, network, consensus, targets(), scenario.faults(), random.split());
    }

    private static void drift(SimulatedProcess process, SplittableRandom random) {
        process.drift(random.nextInt(2 * MOST_DRIFT_PPM) - MOST_DRIFT_PPM);
    }

    private void addStores() {
        StoreWorld world = new StoreWorld(time, network, peers);
        StoreProcess process = new StoreProcess("server-0", time);
        for (int number = 1; number <= scenario.size().stores(); number++) {
            StoreId id = new StoreId(new UUID(0, number));
            StoreDisk disk = new StoreDisk(id, scenario.size().rows(), durability, scenario.off());
            DiskTiming.Speed speed = new DiskTiming.Speed(
                    scenario.chances().slowDisk(), scenario.chances().reconcileMs() * 1_000_000, () -> draining);
            if ((number - 1) % scenario.size().storesPerProcess() == 0) {
                process = new StoreProcess("server-" + number, time);
            }
            StoreNode node = new StoreNode(process, disk, world, random.split(), speed, scenario.off());
            disks.add(disk);
            stores.add(node);
            peers.add(id, node);
        }
    }

    /** A disk that was just formatted, with an id of its own. */
    private void insertEmptyDisk(StoreNode node) {
        StoreId id = new StoreId(new UUID(0, ++lastStore));
        StoreDisk disk = new StoreDisk(id, scenario.size().rows(), durability, scenario.off());
        disks.remove(node.disk());
        disks.add(disk);
        node.insert(disk);
        peers.add(id, node);
    }

    private void addServers() {
        AssignmentConfig config = new AssignmentConfig(
                scenario.size().rows(), COLUMNS, scenario.size().stores(), TIMING);
        MetadataNode.Parts parts = new MetadataNode.Parts(
                time,
                network,
                peers,
                consensus,
                records,
                config,
                TRACT_SIZE,
                new MembershipChecker(records::floor),
                scenario.off());
        for (int number = 1; number <= scenario.size().servers(); number++) {
            MetadataNode node = new MetadataNode("metadata-" + number, parts, random.split());
            servers.add(node);
            consensus.add(node);
            peers.add(node);
        }
    }

    private void addClients() {
        Paths paths = new Paths();
        for (int number = 1; number <= scenario.size().writers(); number++) {
            WriterNode.Omitted omitted =
                    new WriterNode.Omitted(number, scenario.omissions().files());
            writers.add(
                    new WriterNode(client("writer-" + number), paths, MetadataNode.LEASE_MS, () -> !draining, omitted));
        }
        for (int number = 1; number <= scenario.size().readers(); number++) {
            readers.add(new ReaderNode(client("reader-" + number), paths));
        }
    }

    private ClientParts client(String name) {
        return new ClientParts(
                new SimulatedProcess(name, time),
                new ClientParts.World(time, network, peers),
                new ClientParts.Checks(truth, durability, namespace),
                random.split(),
                () -> nextNumber++,
                scenario.off());
    }

    private FaultInjector.Targets targets() {
        List<FaultInjector.Startable> clients = new ArrayList<>();
        writers.forEach(node -> clients.add(new FaultInjector.Startable(node.process(), node::start)));
        readers.forEach(node -> clients.add(new FaultInjector.Startable(node.process(), node::start)));
        return new FaultInjector.Targets(
                stores,
                servers,
                clients,
                node -> durability.mayLosePower(node.disk(), runningWithout(node)),
                node -> durability.mayBeReplaced(node.disk(), runningWithout(node)),
                durability::whatIsThere,
                node -> durability.damageable(node.disk(), running()),
                this::insertEmptyDisk,
                writers.stream()
                        .map(node -> new FaultInjector.Writing(
                                new FaultInjector.Startable(node.process(), node::start), node::want))
                        .toList());
    }

    /** Disks of the other processes that run. */
    private Set<StoreDisk> runningWithout(StoreNode node) {
        Set<StoreDisk> all = new HashSet<>(running());
        node.siblings().forEach(sibling -> all.remove(sibling.disk()));
        return all;
    }

    private Set<StoreDisk> running() {
        return stores.stream()
                .filter(node -> node.process().isUp())
                .map(StoreNode::disk)
                .collect(Collectors.toSet());
    }

    void start() {
        servers.forEach(MetadataNode::start);
        consensus.start();
        stores.forEach(StoreNode::start);
        writers.forEach(WriterNode::start);
        readers.forEach(ReaderNode::start);
        Scenario.Chances chances = scenario.chances();
        network.faults().chances(chances.loss(), chances.doubling(), chances.slow(), chances.reorder());
    }

    /** Writers begin no more files. */
    void drain() {
        draining = true;
    }

    ClusterRecords records() {
        return records;
    }
}
