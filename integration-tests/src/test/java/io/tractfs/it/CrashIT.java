package io.tractfs.it;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.crash.CrashRounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes are killed and frozen in the middle of writes: what was acknowledged is there, to the byte, and nothing else.
 * {@code -Dtractfs.crash.rounds=50} does as many rounds of each kind, {@code -Dtractfs.crash.seed=N} another choice.
 */
class CrashIT {
    private static final Logger LOG = LoggerFactory.getLogger(CrashIT.class);
    private static final int ROUNDS = Integer.getInteger("tractfs.crash.rounds", 3);
    private static final long SEED = Long.getLong("tractfs.crash.seed", 1);
    private static final int LONGEST_FREEZE_MS = 1_500;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ProcessCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = ProcessCluster.start(4, "-Dtract.metadata.tract.size=256KiB", "-Dtract.metadata.rows=128");
    }

    @AfterAll
    static void killCluster() {
        cluster.close();
    }

    @Test
    void whatWasAcknowledgedIsThereAfterEveryProcessWasKilledAgainAndAgain() throws Exception {
        rounds("all-killed", CrashIT::killAll, CrashRounds.Clients.DIE, ROUNDS);
    }

    @Test
    void filesOfDeadClientsCanBeRecovered() throws Exception {
        rounds(
                "clients-killed",
                (cluster, clients, random) -> cluster.signal("KILL", clients),
                CrashRounds.Clients.DIE,
                half());
    }

    @Test
    void clientsLiveThroughServersThatAreKilledAndStartedAgain() throws Exception {
        rounds("servers-killed", CrashIT::killSome, CrashRounds.Clients.GO_ON, half());
    }

    @Test
    void clientsLiveThroughServersThatAreFrozenForAMoment() throws Exception {
        rounds("servers-frozen", CrashIT::freezeSome, CrashRounds.Clients.GO_ON, half());
    }

    private static int half() {
        return Math.max(2, ROUNDS / 2);
    }

    private static void rounds(String name, CrashRounds.Blow blow, CrashRounds.Clients fate, int count)
            throws IOException, InterruptedException {
        CrashRounds rounds = new CrashRounds(cluster, name, SEED);
        for (int i = 0; i < count; i++) {
            rounds.run(blow, fate);
        }
        LOG.info("{}: {}", name, rounds.summary());
    }

    private static void killAll(ProcessCluster cluster, List<Long> clients, SplittableRandom random) {
        List<Long> all = new ArrayList<>(clients);
        all.addAll(cluster.pids(cluster.names()));
        cluster.signal("KILL", shuffled(all, random));
        cluster.awaitEnd(all);
        cluster.startAgain();
    }

    /** The metadata server, every tract server, or any of both. */
    private static void killSome(ProcessCluster cluster, List<Long> clients, SplittableRandom random) {
        List<String> names = someOf(cluster, random);
        LOG.info("killing {}", names);
        List<Long> pids = cluster.pids(names);
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
        cluster.startAgain();
    }

    private static void freezeSome(ProcessCluster cluster, List<Long> clients, SplittableRandom random)
            throws IOException {
        List<Long> frozen = new ArrayList<>(cluster.pids(someOf(cluster, random)));
        cluster.signal("STOP", frozen);
        long thawedNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_FREEZE_MS));
        Await.until("the freeze is over", () -> System.nanoTime() - thawedNanos > 0);
        cluster.signal("CONT", frozen);
    }

    private static List<String> someOf(ProcessCluster cluster, SplittableRandom random) {
        List<String> all = cluster.names();
        return switch (random.nextInt(3)) {
            case 0 -> all.stream().filter(name -> name.startsWith("metadata")).toList();
            case 1 -> all.stream().filter(name -> name.startsWith("tract")).toList();
            default -> shuffled(all, random).subList(0, 1 + random.nextInt(all.size() - 1));
        };
    }

    private static <T> List<T> shuffled(List<T> list, SplittableRandom random) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, new Random(random.nextLong()));
        return copy;
    }
}
