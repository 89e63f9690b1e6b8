package io.tractfs.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tractfs.testkit.LoopDisk;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.crash.CrashRounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The power of disks is cut in the middle of writes: what was closed or hsynced is there, and what was flushed too as long
 * as one machine kept its power. {@code -Dtractfs.crash.rounds=50} and {@code -Dtractfs.crash.seed=N} as in {@link CrashIT}.
 */
class PowerLossIT {
    private static final Logger LOG = LoggerFactory.getLogger(PowerLossIT.class);
    private static final int ROUNDS = Integer.getInteger("tractfs.crash.rounds", 3);
    private static final long SEED = Long.getLong("tractfs.crash.seed", 1);

    /** Clients run on machines that keep their power: they have no files of a store open, which would keep its disk busy. */
    private static final String[] SETTINGS = {
        "-D", "tract.metadata.tract.size=256KiB", "-D", "fs.tract.read.shortcircuit=false"
    };

    private static final int DISK_MIB = 2_048;
    private static final Path WORK = Path.of(System.getProperty("tractfs.work"));

    @BeforeEach
    void requireDisks() {
        String obstacle = LoopDisk.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
    }

    @Test
    void whatWasClosedOrSyncedIsThereAfterAllLostPowerAtOnce() throws Exception {
        Path place = WORK.resolve("power-all-" + ProcessHandle.current().pid());
        try (LoopDisk disk = LoopDisk.create(sibling(place), place, DISK_MIB);
                ProcessCluster cluster = ProcessCluster.startIn(place.resolve("cluster"), 4, SETTINGS)) {
            CrashRounds rounds = new CrashRounds(cluster, "all-lost-power", SEED).onlySyncedSurvives();
            for (int i = 0; i < ROUNDS; i++) {
                rounds.run(
                        (ignored, clients, random) -> cutAll(cluster, disk, clients, random), CrashRounds.Clients.DIE);
            }
            LOG.info("power of all: {}", rounds.summary());
        }
    }

    @Test
    @SuppressWarnings("try") // processes end before their disks are unmounted
    void nothingIsLostAndNobodyFailsWhileOneMachineAfterAnotherLosesPower() throws Exception {
        try (ProcessCluster cluster = ProcessCluster.start(4, SETTINGS)) {
            List<String> victims = List.of("tract-1", "metadata-1", "tract-2");
            List<LoopDisk> disks = new ArrayList<>();
            try {
                cluster.stop();
                for (String name : victims) {
                    disks.add(LoopDisk.inPlaceOf(
                            cluster.directory().resolve("data").resolve(name), DISK_MIB));
                }
                cluster.startAgain();
                CrashRounds rounds = new CrashRounds(cluster, "one-lost-power", SEED);
                for (int i = 0; i < ROUNDS; i++) {
                    int victim = i % victims.size();
                    rounds.run(
                            (ignored, clients, random) ->
                                    cutOne(cluster, victims.get(victim), disks.get(victim), random),
                            CrashRounds.Clients.GO_ON);
                }
                LOG.info("power of one: {}", rounds.summary());
            } finally {
                cluster.close();
                for (LoopDisk disk : disks) {
                    disk.close();
                }
            }
        }
    }

    private static Path sibling(Path place) {
        return place.resolveSibling(place.getFileName() + ".img");
    }

    private static void cutAll(ProcessCluster cluster, LoopDisk disk, List<Long> clients, SplittableRandom random)
            throws IOException {
        List<Long> all = new ArrayList<>(clients);
        all.addAll(cluster.pids(cluster.names()));
        cut(cluster, disk, all, random);
        cluster.startAgain();
    }

    private static void cutOne(ProcessCluster cluster, String name, LoopDisk disk, SplittableRandom random)
            throws IOException {
        LOG.info("power of {} is cut", name);
        cut(cluster, disk, cluster.pids(List.of(name)), random);
        cluster.startAgain();
        cluster.awaitInSync();
    }

    /** Half of the times the processes see the disk fail before they die. */
    private static void cut(ProcessCluster cluster, LoopDisk disk, List<Long> pids, SplittableRandom random)
            throws IOException {
        if (random.nextBoolean()) {
            cluster.signal("STOP", pids);
        }
        disk.cut();
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
        disk.mountAgain();
    }
}
