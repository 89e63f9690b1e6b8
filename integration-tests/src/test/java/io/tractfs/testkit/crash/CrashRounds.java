package io.tractfs.testkit.crash;

import io.tractfs.testkit.ProcessCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FileSystem;

/**
 * Rounds on one cluster: clients write, something is done to processes, everything is started again, and all that was
 * promised is looked for. What earlier rounds left is looked at again, then deleted, and must stay away. Not thread-safe.
 */
public final class CrashRounds {
    private static final int KEPT_ROUNDS = 2;
    /** Bytes of journal that a worker has written when it is in full swing. */
    private static final int BUSY_BYTES = 2_000;

    private static final int MOST_MORE_BYTES = 8_000;

    private final ProcessCluster cluster;
    private final SplittableRandom random;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final String name;
    private final Path journals;
    private final int clientCount;
    private int round;
    private int acknowledged;
    private int recovered;
    private boolean onlySynced;

    /** What is done to the processes in the middle of the writes. */
    public interface Blow {
        /**
         * Strikes. Afterwards the cluster must be whole again.
         *
         * @param clients process ids of the clients
         */
        void strike(ProcessCluster cluster, List<Long> clients, SplittableRandom random)
                throws IOException, InterruptedException;
    }

    /** Whether the clients live through a blow. */
    public enum Clients {
        /** They are dead afterwards. */
        DIE,
        /** They go on, and nothing that they do may fail. */
        GO_ON
    }

    private record Kept(String root, List<Settled> settled) {}

    private record Settled(String root, Tree tree) {}

    /**
     * Rounds whose choices follow from a seed.
     *
     * @param name of the rounds; they happen in a directory of that name
     */
    public CrashRounds(ProcessCluster cluster, String name, long seed) {
        this.cluster = cluster;
        this.name = name;
        this.journals = Path.of(
                System.getProperty("tractfs.work"),
                "journals-" + ProcessHandle.current().pid());
        this.clientCount = Integer.getInteger("tractfs.crash.clients", 1);
        this.random = new SplittableRandom(seed);
    }

    /** From now on bytes that were flushed and not synced may be lost (P24). */
    public CrashRounds onlySyncedSurvives() {
        onlySynced = true;
        return this;
    }

    /** Does one round; fails with everything that is wrong. */
    public void run(Blow blow, Clients fate) throws IOException, InterruptedException {
        round++;
        String root = "/" + name + "/" + round;
        List<ClientProcess> clients = new ArrayList<>();
        try {
            for (int i = 0; i < clientCount; i++) {
                Path own = journals.resolve(name + "-" + round + "-" + i);
                clients.add(ClientProcess.start(cluster, own, root + "/c" + i, random.nextLong()));
            }
            for (ClientProcess client : clients) {
                client.awaitBusy(BUSY_BYTES + random.nextInt(MOST_MORE_BYTES));
            }
            blow.strike(cluster, clients.stream().map(ClientProcess::pid).toList(), random);
            for (ClientProcess client : clients) {
                if (fate == Clients.DIE) {
                    client.awaitDeath();
                } else {
                    client.end();
                }
            }
        } finally {
            clients.forEach(ClientProcess::kill);
        }
        verify(root, clients, fate);
    }

    private void verify(String root, List<ClientProcess> clients, Clients fate) throws IOException {
        List<String> problems = new ArrayList<>();
        try (FileSystem files = cluster.newFileSystem();
                FileSystem others = cluster.newFileSystem()) {
            CrashVerifier verifier = new CrashVerifier(files, others, onlySynced);
            for (Kept earlier : kept) {
                for (Settled settled : earlier.settled()) {
                    verifier.verifyAgain(settled.root(), settled.tree());
                }
            }
            List<Settled> now = new ArrayList<>();
            for (ClientProcess client : clients) {
                for (ClientProcess.Written written : client.written(onlySynced)) {
                    Expectation expectation = written.expectation();
                    if (fate == Clients.GO_ON) {
                        expectation.failures().forEach(failure -> problems.add("failed: " + failure));
                    }
                    acknowledged += expectation.acknowledged();
                    now.add(new Settled(written.root(), verifier.verify(written.root(), expectation)));
                }
            }
            kept.add(new Kept(root, now));
            if (kept.size() > KEPT_ROUNDS) {
                files.delete(new org.apache.hadoop.fs.Path(kept.remove().root()), true);
            }
            for (var status : files.listStatus(new org.apache.hadoop.fs.Path("/" + name))) {
                String path = status.getPath().toUri().getPath();
                if (kept.stream().noneMatch(one -> one.root().equals(path))) {
                    problems.add("deleted, but back: " + path);
                }
            }
            recovered += verifier.recovered();
            problems.addAll(verifier.problems());
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("round " + round + " (" + name + ") in " + cluster.directory() + ":\n"
                    + String.join("\n", problems));
        }
    }

    /** What the rounds were about, for the log. */
    public String summary() {
        return round + " rounds, " + acknowledged + " acknowledged steps, " + recovered + " files recovered";
    }
}
