package io.tractfs.metadata.server;

import io.tractfs.id.FileId;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.raft.CommandLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the stores follow changes of replication, while this server leads (P33). What is to be done is in the namespace, every
 * step may be done again, so the next leader just goes on; nothing is remembered here but what is under way. A bounded number
 * of files is worked on, and a bounded number of tracts at a time. All state is confined to its thread.
 */
final class ReplicationDriver implements AutoCloseable {
    /** Most tracts that are worked on at a time. */
    static final int MOST_TRACTS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ReplicationDriver.class);
    private static final int MOST_FILES = 64;
    private static final long TICK_MS = 100;
    /** A pass over the tracts that could not be changed follows after this many ticks. */
    private static final int TICKS_PER_PASS = 5;

    private final NamespaceReader reader;
    private final CommandLog log;
    private final TractSteps steps;
    private final BooleanSupplier leads;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "metadata-replication-0");
        made.setDaemon(true);
        return made;
    });
    private final Map<FileId, SegmentRun> runs = new LinkedHashMap<>();
    private long scannedTo;
    private int tracts;
    private int ticks;

    ReplicationDriver(NamespaceReader reader, CommandLog log, TractSteps steps, BooleanSupplier leads) {
        this.reader = reader;
        this.log = log;
        this.steps = steps;
        this.leads = leads;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::guardedTick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** A round that throws must not be the last one. */
    private void guardedTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.error("event=replication-round-failed", e);
        }
    }

    private void tick() {
        if (!leads.getAsBoolean()) {
            runs.clear();
            return;
        }
        ticks++;
        scan();
        if (ticks % TICKS_PER_PASS == 0) {
            runs.values().forEach(SegmentRun::beginPass);
        }
        pump();
    }

    /** Takes files up; those that cannot go on make room for others. */
    private void scan() {
        List<FileId> found = reader.replicating(scannedTo, MOST_FILES);
        scannedTo = found.size() < MOST_FILES ? 0 : found.get(found.size() - 1).value();
        for (FileId file : found) {
            boolean room = runs.containsKey(file) || runs.size() < MOST_FILES || evictStuck();
            if (room) {
                take(file);
            }
        }
    }

    private boolean evictStuck() {
        Iterator<SegmentRun> all = runs.values().iterator();
        while (all.hasNext()) {
            if (all.next().isStuck()) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    /** Begins with the first segment of a file that is to be changed, or goes on with it. */
    private void take(FileId file) {
        Segment changing = reader.file(file).stream()
                .map(FileStatus::segments)
                .flatMap(List::stream)
                .filter(segment -> segment.change().isUnderWay())
                .findFirst()
                .orElse(null);
        if (changing == null) {
            runs.remove(file);
        } else if (!runs.containsKey(file) || !runs.get(file).segment().equals(changing)) {
            runs.put(file, new SegmentRun(file, changing));
        }
    }

    private void pump() {
        for (SegmentRun run : new ArrayList<>(runs.values())) {
            int tract = tracts < MOST_TRACTS ? run.next() : SegmentRun.NONE;
            while (tract != SegmentRun.NONE) {
                step(run, tract);
                tract = tracts < MOST_TRACTS ? run.next() : SegmentRun.NONE;
            }
            if (run.isDone() && !run.isAdvancing()) {
                advance(run);
            }
        }
    }

    private void step(SegmentRun run, int tract) {
        tracts++;
        steps.change(run.segment(), tract)
                .whenCompleteAsync(
                        (done, error) -> {
                            tracts--;
                            run.ended(tract, error == null);
                            if (error != null && LOG.isDebugEnabled()) {
                                LOG.debug(
                                        "event=replication-waits file={} tract={} reason=\"{}\"",
                                        run.file(),
                                        tract,
                                        error.toString());
                            }
                            pump();
                        },
                        thread);
    }

    /** All stores have followed: the next step begins. */
    private void advance(SegmentRun run) {
        run.advance();
        Segment segment = run.segment();
        log.submit(Call.ofSystem(new ClusterCommand.AdvanceReplication(
                        run.file(), segment.blob(), segment.change().number())))
                .whenCompleteAsync(
                        (result, error) -> {
                            if (error != null || result instanceof Result.Refused) {
                                LOG.info(
                                        "event=replication-not-advanced file={} blob={} reason=\"{}\"",
                                        run.file(),
                                        segment.blob(),
                                        error == null ? result : error.toString());
                            } else {
                                LOG.info(
                                        "event={} file={} blob={} replication={} other={} tracts={}",
                                        segment.change().committed() ? "replication-changed" : "replication-committed",
                                        run.file(),
                                        segment.blob(),
                                        segment.replication(),
                                        segment.change().other(),
                                        segment.tractCount());
                            }
                            runs.remove(run.file(), run);
                            if (leads.getAsBoolean()) {
                                take(run.file());
                                pump();
                            }
                        },
                        thread);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
