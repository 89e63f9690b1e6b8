package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.JobLoop;
import io.tractfs.testkit.JsonText;
import io.tractfs.testkit.ProcessCluster;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * MapReduce and Spark finish with right results whatever servers die or hang meanwhile. Larger jobs, a longer hang and one
 * metadata server alone: {@code -Dtractfs.jobs.rows=5000000 -Dtractfs.jobs.orders=4000000 -Dtractfs.jobs.frozen=30
 * -Dtractfs.jobs.metadata=1}.
 */
class JobsUnderFaultsIT {
    private static final JobLoop.Size SIZE =
            new JobLoop.Size(Long.getLong("tractfs.jobs.rows", 50_000), Long.getLong("tractfs.jobs.orders", 100_000));
    private static final long FROZEN_SECONDS = Long.getLong("tractfs.jobs.frozen", 4);
    private static final int METADATA_SERVERS = Integer.getInteger("tractfs.jobs.metadata", 3);

    @Test
    void jobsFinishWhileLeadersDieAndTractServersDieUntilTwoAreLeft() throws IOException {
        try (ProcessCluster cluster =
                ProcessCluster.start(5, "--metadata-servers", Integer.toString(METADATA_SERVERS))) {
            try (JobLoop jobs = new JobLoop(cluster, SIZE)) {
                killAndRecover(cluster, "tract-1", jobs);
                killLeader(cluster);
                freezeAndResume(cluster, "tract-2", jobs);
                killLeader(cluster);
                killAndRecover(cluster, "tract-3", jobs);
                killAndRecover(cluster, "tract-4", jobs);
            }
            assertThat(cluster.fsck("/jobs").run().output())
                    .contains("DEGRADED")
                    .doesNotContain("NOT READABLE");
        }
    }

    /** With several of them another one leads while it is away. */
    private static void killLeader(ProcessCluster cluster) throws IOException {
        String killed = leader(cluster);
        kill(cluster, killed);
        if (METADATA_SERVERS > 1) {
            assertThat(leader(cluster)).isNotEqualTo(killed);
        }
        cluster.restart(killed);
    }

    private static void kill(ProcessCluster cluster, String name) {
        List<Long> pids = cluster.pids(List.of(name));
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
    }

    private static void killAndRecover(ProcessCluster cluster, String name, JobLoop jobs) throws IOException {
        kill(cluster, name);
        Await.until(name + " is known to be dead", () -> state(cluster, name).equals("DEAD"));
        cluster.awaitInSync();
        jobs.requireWell();
    }

    /** The hang is as long as it is meant to be, or longer. */
    private static void freezeAndResume(ProcessCluster cluster, String name, JobLoop jobs) throws IOException {
        List<Long> pids = cluster.pids(List.of(name));
        cluster.signal("STOP", pids);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(FROZEN_SECONDS));
        cluster.signal("CONT", pids);
        Await.until(name + " is back", () -> state(cluster, name).equals("LIVE"));
        cluster.awaitInSync();
        jobs.requireWell();
    }

    private static String state(ProcessCluster cluster, String server) {
        return JsonText.object(cluster.admin("report", "--json")).objects("stores").stream()
                .filter(store -> store.text("server").equals(server))
                .map(store -> store.text("state"))
                .findFirst()
                .orElse("absent");
    }

    private static String leader(ProcessCluster cluster) throws IOException {
        Await.until("a metadata server leads", () -> leaders(cluster).size() == 1);
        return leaders(cluster).get(0);
    }

    private static List<String> leaders(ProcessCluster cluster) {
        return cluster.status()
                .lines()
                .filter(line -> line.endsWith(" leader"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }
}
