package io.tractfs.bench.faults;

import io.tractfs.bench.faults.FaultTable.Measure;
import io.tractfs.cli.console.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.fs.FileSystem;

/** Hurts one cluster in every way of the table. Confined to the command's thread. */
final class FaultRun {
    private static final long POLL_MS = 50;
    private static final long UNDISTURBED_MS = 3_000;
    private static final long AFTERMATH_MS = 5_000;
    private static final long WHOLE_LIMIT_SECONDS = 900;
    private static final long PAUSE_LIMIT_SECONDS = 180;
    private static final int QUIET_VICTIM = 2;
    private static final double NANOS = 1e9;

    private final FaultyCluster cluster;
    private final FaultPlan plan;
    private final FaultTable table;
    private final Progress progress;

    FaultRun(FaultyCluster cluster, FaultPlan plan, FaultTable table, Progress progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.table = table;
        this.progress = progress;
    }

    /** A condition of the cluster. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    /** What is done to a member. */
    private enum Hurt {
        KILL,
        FREEZE
    }

    /** All of it on a fresh cluster. */
    void run() throws IOException {
        progress.line(cluster.name() + ": starting");
        cluster.start();
        try (FileSystem files = FileSystem.newInstance(cluster.uri(), cluster.configuration())) {
            FaultClients clients = new FaultClients(files, plan.totalBytes());
            if (!plan.namesOnly()) {
                progress.line(cluster.name() + ": writing " + (plan.totalBytes() >> 20) + " MiB");
                clients.writeData();
            }
            progress.line(cluster.name() + ": making " + plan.files() + " names");
            clients.makeNames(plan.files());
            awaitWhole();
            restartNames(clients);
            if (plan.namesOnly()) {
                return;
            }
            if (plan.waitSeconds() > 0) {
                killAtRest();
            }
            hurt(clients, Hurt.FREEZE);
            hurt(clients, Hurt.KILL);
        }
    }

    private void restartNames(FaultClients clients) throws IOException {
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < plan.rounds(); round++) {
            seconds.add(restartNamesOnce(clients));
            progress.line(String.format(
                    Locale.ROOT, "%s: restart %d: %.2f s", cluster.name(), round + 1, seconds.get(round)));
        }
        Collections.sort(seconds);
        put(Measure.NAMES, seconds.get(seconds.size() / 2));
    }

    private double restartNamesOnce(FaultClients clients) throws IOException {
        long killed = System.nanoTime();
        CompletableFuture<Void> restart = CompletableFuture.runAsync(() -> {
            try {
                cluster.restartNames();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        FaultClients.rest(POLL_MS);
        clients.createAtLast();
        double created = since(killed);
        restart.join();
        awaitWhole();
        return created;
    }

    private void killAtRest() throws IOException {
        // The server of names was restarted just before.
        awaitWhole();
        long killed = System.nanoTime();
        cluster.killData(QUIET_VICTIM);
        double noticed = await("the dead server to be noticed", plan.waitSeconds(), killed, cluster::hasNoticed);
        put(Measure.NOTICED_KILLED, noticed);
        double whole = await("all copies", WHOLE_LIMIT_SECONDS, killed, cluster::isWhole);
        put(Measure.WHOLE, whole);
        put(Measure.RATE, plan.killedBytes() / 1e6 / Math.max(whole - noticed, 1e-3));
        cluster.startData(QUIET_VICTIM);
        awaitWhole();
    }

    private void hurt(FaultClients clients, Hurt hurt) throws IOException {
        try (FaultClients.OpenFile file = clients.open();
                LongestPause writer = new LongestPause("writer", random -> file.append());
                LongestPause reader = new LongestPause("reader", clients::readSomewhere)) {
            FaultClients.rest(UNDISTURBED_MS);
            writer.reset();
            reader.reset();
            int victim = cluster.victimOf(file.path());
            long started = System.nanoTime();
            if (hurt == Hurt.KILL) {
                cluster.killData(victim);
            } else {
                cluster.freezeData(victim);
            }
            if (hurt == Hurt.FREEZE && plan.waitSeconds() > 0) {
                double noticed =
                        await("the frozen server to be noticed", plan.waitSeconds(), started, cluster::hasNoticed);
                put(Measure.NOTICED_FROZEN, noticed);
            }
            FaultClients.rest(AFTERMATH_MS);
            await("writer and reader", PAUSE_LIMIT_SECONDS, started, () -> {
                long settled = started + AFTERMATH_MS * 1_000_000 / 2;
                return writer.isPast(settled) && reader.isPast(settled);
            });
            put(hurt == Hurt.KILL ? Measure.WRITER_KILLED : Measure.WRITER_FROZEN, pauseOf("writer", writer));
            put(hurt == Hurt.KILL ? Measure.READER_KILLED : Measure.READER_FROZEN, pauseOf("reader", reader));
            if (writer.failure().isPresent()) {
                file.giveUp();
            }
            if (hurt == Hurt.KILL) {
                cluster.startData(victim);
            } else {
                cluster.resumeData(victim);
            }
        }
        awaitWhole();
    }

    private double pauseOf(String who, LongestPause client) {
        client.failure().ifPresent(failure -> progress.line(cluster.name() + ": the " + who + " failed: " + failure));
        return client.seconds();
    }

    private void put(Measure measure, double value) {
        table.put(measure, cluster.name(), value);
        progress.line(String.format(Locale.ROOT, "%s: %s: %.2f", cluster.name(), measure, value));
    }

    private void awaitWhole() throws IOException {
        await("all copies", WHOLE_LIMIT_SECONDS, System.nanoTime(), cluster::isWhole);
    }

    /** Waits for a condition; returns the seconds since a moment. */
    private double await(String what, long limitSeconds, long sinceNanos, Condition condition) throws IOException {
        while (true) {
            boolean holds;
            try {
                holds = condition.holds();
            } catch (IOException e) {
                holds = false;
            }
            double seconds = since(sinceNanos);
            if (holds) {
                return seconds;
            }
            if (seconds > limitSeconds) {
                throw new IOException(
                        cluster.name() + ": waited " + limitSeconds + " s for " + what + " in vain; see the logs");
            }
            progress.now(String.format(Locale.ROOT, "%s: waiting for %s, %.0f s", cluster.name(), what, seconds));
            FaultClients.rest(POLL_MS);
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / NANOS;
    }
}
