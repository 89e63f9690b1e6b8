package io.tractfs.cli.quickstart;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.admin.ReportText;
import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.cluster.ProcessTable;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.RecoveryMessage;
import io.tractfs.wire.proto.RecoveryRequest;
import io.tractfs.wire.proto.RecoveryResponse;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreReport;
import io.tractfs.wire.rpc.Methods;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kills a tract server in the middle of a job, and watches: when the death is noticed, when the rows are with others, how long
 * clients pause, how much is copied. Confined to the command's thread; it looks at the cluster from one of its own.
 */
final class ServerKill implements Companion, AutoCloseable {
    private static final String VICTIM = "tract-2";
    /** MapReduce's word that some input was read; the output is still to be written. */
    private static final Pattern MIDDLE = Pattern.compile(" map [1-9][0-9]*% reduce");

    private static final long CALL_MS = 10_000;
    private static final long POLL_MS = 10;
    /** Until all stores have told what they copied. */
    private static final long LATE_MS = 2_000;

    private static final long LIMIT_SECONDS = 300;
    private static final double NANOS = 1e9;

    private final Cluster cluster;
    private final PauseProbe probe;
    private @Nullable CompletableFuture<Observed> observed;

    /**
     * What came of it. Immutable.
     *
     * @param when the kill was, as seen from the job
     * @param noticedNanos from the kill until the metadata server took the server for dead
     * @param movedNanos from the kill until no row had it
     * @param pauses of clients until all was copied
     * @param recoveries that began after the kill
     */
    record Observed(String when, long noticedNanos, long movedNanos, Pauses pauses, List<RecoveryMessage> recoveries) {
        /** For people. */
        String text() {
            long bytes =
                    recoveries.stream().mapToLong(RecoveryMessage::getBytes).sum();
            long ms = recoveries.stream()
                    .mapToLong(RecoveryMessage::getDurationMs)
                    .sum();
            String copied = recoveries.isEmpty()
                    ? "nothing: there are no more servers than copies"
                    : ReportText.size(bytes) + " in " + String.format(Locale.ROOT, "%.1f s", ms / 1e3) + ", "
                            + ReportText.size(bytes * 1000 / Math.max(1, ms)) + "/s";
            return String.format(
                    Locale.ROOT,
                    "killed %s %s the TeraSort%n"
                            + "  its death was noticed after %.2f s, its rows were with others after %.2f s%n"
                            + "  longest pause of a client: %.2f s writing and flushing, %.2f s reading%n"
                            + "  re-replicated: %s",
                    VICTIM,
                    when,
                    noticedNanos / NANOS,
                    movedNanos / NANOS,
                    pauses.writerNanos() / NANOS,
                    pauses.readerNanos() / NANOS,
                    copied);
        }
    }

    /** The longest operations. Immutable. */
    record Pauses(long writerNanos, long readerNanos) {}

    /** A kill that is to come, of a cluster that serves and can do without a server. */
    ServerKill(Cluster cluster) {
        this.cluster = cluster;
        this.probe = new PauseProbe(cluster.plan().metadataAddresses());
    }

    /** Whether a cluster keeps everything without one of its servers. */
    static boolean isPossible(Cluster cluster) {
        return cluster.plan().tractServers() > 1 && cluster.plan().columns() > 1;
    }

    /** Starts the server again. */
    static void revive(Cluster cluster, Progress progress) throws CommandFailure {
        Daemon victim = cluster.daemon(VICTIM);
        if (victim.state() == ProcessTable.State.DEAD) {
            cluster.startOne(victim, progress);
        }
    }

    /** Lets clients begin whose pauses are measured. */
    void begin() throws CommandFailure {
        try {
            probe.start();
        } catch (IOException e) {
            throw new CommandFailure("No client can work beside the job: " + e.getMessage(), e);
        }
    }

    @Override
    public void look(String log) throws CommandFailure {
        if (observed == null && MIDDLE.matcher(log).find()) {
            kill("in the middle of");
        }
    }

    private void kill(String when) throws CommandFailure {
        long before = recoveriesSoFar();
        Daemon victim = cluster.daemon(VICTIM);
        probe.reset();
        long killed = System.nanoTime();
        victim.signal(ProcessTable.Signal.KILL);
        observed = CompletableFuture.supplyAsync(() -> watch(when, killed, before), task -> {
            Thread thread = new Thread(task, "quickstart-watch-0");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private long recoveriesSoFar() throws CommandFailure {
        try (MetadataProxy metadata = metadata()) {
            return recovery(metadata).getRecoveriesList().stream()
                    .mapToLong(RecoveryMessage::getNumber)
                    .max()
                    .orElse(0);
        } catch (TractException e) {
            throw new CommandFailure("No word about recovery: " + e.code() + ": " + e.getMessage(), e);
        }
    }

    private MetadataProxy metadata() {
        return new MetadataProxy(cluster.plan().metadataAddresses(), CALL_MS);
    }

    private static RecoveryResponse recovery(MetadataProxy metadata) throws TractException {
        return metadata.callAgain(Methods.RECOVERY, RecoveryRequest.getDefaultInstance());
    }

    private Observed watch(String when, long killed, long before) {
        try (MetadataProxy metadata = metadata()) {
            while (victim(metadata).getState().equals("LIVE")
                    || victim(metadata).getState().equals("SUSPECT")) {
                Thread.sleep(POLL_MS);
            }
            long noticed = System.nanoTime() - killed;
            while (victim(metadata).getColumns() > 0) {
                Thread.sleep(POLL_MS);
            }
            long moved = System.nanoTime() - killed;
            // To look is what makes a recovery known that is over within a second.
            while (recovery(metadata).getColumns() > 0
                    || !metadata.report(false).getInSync()) {
                Thread.sleep(POLL_MS);
            }
            Pauses pauses = new Pauses(probe.writerNanos(), probe.readerNanos());
            Thread.sleep(LATE_MS);
            List<RecoveryMessage> recoveries = recovery(metadata).getRecoveriesList().stream()
                    .filter(recovery -> recovery.getNumber() > before)
                    .toList();
            return new Observed(when, noticed, moved, pauses, recoveries);
        } catch (TractException e) {
            throw new IllegalStateException(e.code() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static StoreReport victim(MetadataProxy metadata) throws TractException {
        ReportResponse report = metadata.report(false);
        return report.getStoresList().stream()
                .filter(store -> store.getInfo().getServer().equals(VICTIM))
                .findFirst()
                .orElse(StoreReport.getDefaultInstance());
    }

    /** Waits until all is copied, lets the clients end, and tells. */
    String outcome() throws CommandFailure {
        if (observed == null) {
            kill("after"); // A sort of a few rows ends before anybody can look.
        }
        try {
            String text = Objects.requireNonNull(observed)
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .text();
            probe.finish();
            return text;
        } catch (ExecutionException | TimeoutException | IOException e) {
            throw new CommandFailure("The cluster did not get over the death of " + VICTIM + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted.", e);
        }
    }

    @Override
    public void close() {
        probe.close();
    }
}
