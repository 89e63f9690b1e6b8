package io.tractfs.sim.client;

import io.tractfs.client.write.WriteTarget;
import io.tractfs.id.Generation;
import io.tractfs.sim.check.Truth;
import io.tractfs.sim.protocol.MetadataService.AddSegment;
import io.tractfs.sim.protocol.MetadataService.Complete;
import io.tractfs.sim.protocol.MetadataService.Create;
import io.tractfs.sim.protocol.MetadataService.FileCommand;
import io.tractfs.sim.protocol.MetadataService.FileRecord;
import io.tractfs.sim.protocol.MetadataService.SegmentRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes one file: bytes in bursts, each ended by an hflush or hsync that is waited for, segments as rows freeze, a close
 * at the end. Not thread-safe.
 */
final class FileWriter {
    private static final int MOST_UNACKNOWLEDGED = 4_096;
    private static final int MOST_BURST = 3_000;
    private static final int MOST_PACKET = 700;
    private static final int MOST_PAUSE_MS = 300;

    private final ClientParts parts;
    private final ClientTable table;
    private final MetadataCaller metadata;
    private final WriteCalls calls;
    private final LongSupplier numbers;
    private final Plan plan;
    private final Runnable done;
    private final List<SegmentRun> runs = new ArrayList<>();
    private State state = State.OPENING;
    private long stop;

    /** What is to be written. Immutable. */
    record Plan(long file, long length, int replication, boolean syncOnClose) {}

    private enum State {
        /** Waits for the namespace. */
        OPENING,
        /** Appends up to the next stop. */
        WRITING,
        /** Waits for acknowledgements up to the stop. */
        FLUSHING,
        /** Waits for the disks up to the stop. */
        SYNCING,
        /** Does nothing for a moment. */
        PAUSING,
        /** Everything is written; waits for what close promises. */
        CLOSING,
        /** Waits for the namespace for the last time, or is over. */
        CLOSED
    }

    FileWriter(ClientParts parts, ClientTable table, LongSupplier numbers, Plan plan, Runnable done) {
        this.parts = parts;
        this.table = table;
        this.metadata = new MetadataCaller(parts);
        this.calls = new WriteCalls(parts, metadata);
        this.numbers = numbers;
        this.plan = plan;
        this.done = done;
    }

    void begin() {
        table.await(
                image -> command(new Create(numbers.getAsLong(), plan.file(), plan.replication()), this::opened),
                retry -> parts.process().after(50_000_000, retry));
    }

    private void command(FileCommand command, java.util.function.Consumer<FileRecord> then) {
        metadata.until(String.valueOf(command), (server, answer) -> server.command(command, answer), then);
    }

    private void opened(FileRecord file) {
        SegmentRecord last = file.last();
        parts.truth().begin(last.blob(), plan.file(), last.start(), plan.replication());
        WriteTarget target = new WriteTarget(
                last.blob(), parts.truth().tractSize(), plan.replication(), new Generation(1), Truth.WINDOW);
        runs.add(new SegmentRun(parts, table, calls, target, last.start(), this::pump));
        state = state == State.OPENING ? State.WRITING : state;
        if (stop == 0) {
            nextStop();
        }
        pump();
    }

    private @Nullable SegmentRun current() {
        return runs.isEmpty() ? null : runs.get(runs.size() - 1);
    }

    private void nextStop() {
        stop = Math.min(plan.length(), stop + 1 + parts.random().nextInt(MOST_BURST));
    }

    /** Goes on as far as it can; called after every step of a segment. */
    private void pump() {
        SegmentRun run = current();
        if (run == null || state == State.OPENING || state == State.CLOSED) {
            return;
        }
        if (run.movedOnAt() >= 0) {
            moveOn(run);
            return;
        }
        boolean room = run.appended() - run.acknowledged() < MOST_UNACKNOWLEDGED;
        if (state != State.PAUSING && run.appended() < stop && room) {
            int length =
                    (int) Math.min(stop - run.appended(), 1 + parts.random().nextInt(MOST_PACKET));
            run.append(length, state == State.SYNCING);
        } else if (run.appended() >= stop) {
            arrived(run);
        }
    }

    /** The segment has ended early: the rest goes to a new one (P3). */
    private void moveOn(SegmentRun ended) {
        State before = state;
        state = State.OPENING;
        command(new AddSegment(numbers.getAsLong(), plan.file(), ended.movedOnAt()), file -> {
            state = before == State.PAUSING ? State.WRITING : before;
            opened(file);
            if (before == State.SYNCING || before == State.CLOSING) {
                runs.forEach(SegmentRun::syncAll);
            }
        });
    }

    /** Everything up to the stop is appended. */
    private void arrived(SegmentRun run) {
        if (state == State.WRITING) {
            boolean last = stop == plan.length();
            boolean sync = last ? plan.syncOnClose() : parts.random().nextInt(4) == 0;
            state = last ? State.CLOSING : sync ? State.SYNCING : State.FLUSHING;
            if (sync) {
                runs.forEach(SegmentRun::syncAll);
            }
        }
        boolean flushed = run.acknowledged() >= stop;
        boolean synced = runs.stream().allMatch(one -> one.synced() >= one.appended());
        if (state == State.CLOSING && flushed && (synced || !plan.syncOnClose())) {
            close(run);
        } else if ((state == State.FLUSHING && flushed) || (state == State.SYNCING && flushed && synced)) {
            state = State.PAUSING;
            long pause = parts.random().nextInt(MOST_PAUSE_MS) * 1_000_000L;
            parts.process().after(pause, this::resume);
        }
    }

    @Override
    public String toString() {
        return "file " + plan.file() + " " + state + " to " + stop + " of " + plan.length() + " " + runs;
    }

    private void resume() {
        if (state == State.PAUSING) {
            state = State.WRITING;
            nextStop();
            pump();
        }
    }

    private void close(SegmentRun run) {
        state = State.CLOSED;
        command(new Complete(numbers.getAsLong(), plan.file(), run.acknowledged() - run.start()), file -> done.run());
    }
}
