package io.tractfs.it;

import io.tractfs.testkit.LoopDisk;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.crash.CrashRounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
        "-Dtract.metadata.tract.size=256KiB", "-Dtract.metadata.rows=128", "-Dfs.tract.read.shortcircuit=false"
    };

    /** Who loses power alone, in turn. */
    private static final List<String> VICTIMS = List.of("tract-1", "metadata-1", "tract-2");

    private static final int DISK_MIB = 2_048;

    /** Disk of each server. */
    private static final Map<String, LoopDisk> DISKS = new TreeMap<>();

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        LoopDisk.obstacle().orGoOn();
        cluster = ProcessCluster.start(4, SETTINGS);
        cluster.stop();
        for (String server : cluster.names()) {
            DISKS.put(
                    server,
                    LoopDisk.inPlaceOf(cluster.directory().resolve("data").resolve(server), DISK_MIB));
        }
        cluster.startAgain();
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
            for (LoopDisk disk : DISKS.values()) {
                disk.close();
            }
        }
    }

    @Test
    void whatWasClosedOrSyncedIsThereAfterAllLostPowerAtOnce() throws Exception {
        CrashRounds rounds = new CrashRounds(cluster, "all-lost-power", SEED).onlySyncedSurvives();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.run((ignored, clients, random) -> cutAll(clients, random), CrashRounds.Clients.DIE);
        }
        LOG.info("power of all: {}", rounds.summary());
    }

    @Test
    void nothingIsLostAndNobodyFailsWhileOneMachineAfterAnotherLosesPower() throws Exception {
        CrashRounds rounds = new CrashRounds(cluster, "one-lost-power", SEED);
        for (int i = 0; i < ROUNDS; i++) {
            String victim = VICTIMS.get(i % VICTIMS.size());
            rounds.run((ignored, clients, random) -> cutOne(victim, random), CrashRounds.Clients.GO_ON);
        }
        LOG.info("power of one: {}", rounds.summary());
    }

    private static void cutAll(List<Long> clients, SplittableRandom random) throws IOException {
        List<Long> all = new ArrayList<>(clients);
        all.addAll(cluster.pids(cluster.names()));
        cut(DISKS.values(), all, random);
        cluster.startAgain();
    }

    private static void cutOne(String name, SplittableRandom random) throws IOException {
        LOG.info("power of {} is cut", name);
        LoopDisk disk = Objects.requireNonNull(DISKS.get(name), name);
        cut(List.of(disk), cluster.pids(List.of(name)), random);
        cluster.startAgain();
        cluster.awaitInSync();
    }

    /** Half of the times the processes see the disk fail before they die. */
    private static void cut(Collection<LoopDisk> disks, List<Long> pids, SplittableRandom random) throws IOException {
        if (random.nextBoolean()) {
            cluster.signal("STOP", pids);
        }
        LoopDisk.cut(disks);
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
        for (LoopDisk disk : disks) {
            disk.mountAgain();
        }
    }
}
