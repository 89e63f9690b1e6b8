package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.JobLoop;
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
                kill(cluster, "tract-1");
                awaitRecovery(cluster, 4, jobs);
                killLeader(cluster);
                freezeAndResume(cluster, "tract-2", jobs);
                killLeader(cluster);
                kill(cluster, "tract-3");
                awaitRecovery(cluster, 3, jobs);
                kill(cluster, "tract-4");
                Await.until("all rows are on the last two", () -> cluster.areRowsOn(2));
                cluster.awaitInSync();
                assertThat(cluster.admin("report")).containsPattern("tract-4.*DEAD");
            }
            assertThat(cluster.fsck("/jobs").run().output())
                    .contains("DEGRADED")
                    .doesNotContain("NOT READABLE");
        }
    }

    /** With several of them another one leads while it is away. */
    private static void killLeader(ProcessCluster cluster) throws IOException {
        String killed = cluster.awaitLeader();
        kill(cluster, killed);
        if (METADATA_SERVERS > 1) {
            assertThat(cluster.awaitLeader()).isNotEqualTo(killed);
        }
        cluster.restart(killed);
    }

    private static void kill(ProcessCluster cluster, String name) {
        List<Long> pids = cluster.pids(List.of(name));
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
    }

    private static void awaitRecovery(ProcessCluster cluster, int stores, JobLoop jobs) throws IOException {
        cluster.awaitInSyncOn(stores);
        jobs.requireWell();
    }

    /** The hang is as long as it is meant to be, or longer: until its rows are on the three others. */
    private static void freezeAndResume(ProcessCluster cluster, String name, JobLoop jobs) throws IOException {
        List<Long> pids = cluster.pids(List.of(name));
        cluster.signal("STOP", pids);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(FROZEN_SECONDS));
        Await.until("its rows are on others", () -> cluster.areRowsOn(3));
        cluster.signal("CONT", pids);
        awaitRecovery(cluster, 4, jobs);
    }
}
