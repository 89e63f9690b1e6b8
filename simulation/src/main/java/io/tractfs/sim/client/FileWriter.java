package io.tractfs.sim.client;

import io.tractfs.client.write.WriteTarget;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.sim.check.Truth;
import io.tractfs.sim.protocol.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one file: bytes in bursts, each ended by an hflush or hsync that is waited for, segments as rows freeze, a close
 * at the end. Gives the file up when another has taken it. Not thread-safe.
 */
final class FileWriter {
    private static final int MOST_UNACKNOWLEDGED = 4_096;
    private static final int EVERY_TRACT = 64;
    private static final int MOST_BURST = 3_000;
    private static final int MOST_PACKET = 700;
    private static final int MOST_PAUSE_MS = 300;
    private static final long STALL_NANOS = 500_000_000;

    private final ClientParts parts;
    private final ClientTable table;
    private final ClientSession session;
    private final WriteCalls calls;
    private final Plan plan;
    private final Consumer<End> done;
    private final List<SegmentRun> runs = new ArrayList<>();
    private State state = State.OPENING;
    private ClientSession.@Nullable Held lease;
    private long goal;
    private long stop;
    private long progressSeen = -1;

    /**
     * What is to be written. Immutable.
     *
     * @param open the command that opens the file
     * @param bytes how many are appended
     */
    record Plan(FileCommand open, long bytes, boolean syncOnClose) {
        String path() {
            return open instanceof FileCommand.Create create ? create.path() : ((FileCommand.Append) open).path();
        }
    }

    /** How a writer ends. */
    enum End {
        /** With a close. */
        CLOSED,
        /** Another has the file, or nobody gave it to this writer. */
        TAKEN,
        /** With an error: the file is open, and whoever wrote it does not go on. */
        FAILED
    }

    private enum State {
        /** Waits for the namespace. */
        OPENING,
        /** Appends up to the next stop. */
        WRITING,
        /** Waits for acknowledgements up to the stop. */
        FLUSHING,
        /** Waits for the disks up to the stop. */
        SYNCING,
        /** Waits for the leader to confirm that the file is still its own. */
        CONFIRMING,
        /** Does nothing for a moment. */
        PAUSING,
        /** Everything is written; waits for what close promises. */
        CLOSING,
        /** Waits for the namespace for the last time, or is over. */
        CLOSED
    }

    /**
     * A writer that has not begun.
     *
     * @param done told how it ended
     */
    FileWriter(ClientParts parts, ClientTable table, ClientSession session, Plan plan, Consumer<End> done) {
        this.parts = parts;
        this.table = table;
        this.session = session;
        this.calls = new WriteCalls(parts, new MetadataCaller(parts));
        this.plan = plan;
        this.done = done;
    }

    void begin() {
        long sentMs = parts.nowMs();
        session.command(plan.open(), result -> first(result, sentMs), code -> end(End.TAKEN));
    }

    private void first(Result result, long sentMs) {
        FileStatus status = ((Result.Opened) result).status();
        lease = session.opened(status.file(), status.generation(), sentMs, () -> last().acknowledged(status.file()));
        stop = status.length();
        goal = stop + plan.bytes();
        watch();
        nextStop();
        state = State.WRITING;
        take(status);
    }

    /** The file whose bytes its user waits for; empty if the user waits for none. */
    Optional<String> waitsWith() {
        boolean waits = state == State.FLUSHING || state == State.SYNCING || state == State.CLOSING;
        return waits ? Optional.of(plan.path()) : Optional.empty();
    }

    private ClientSession.Held held() {
        return java.util.Objects.requireNonNull(lease);
    }

    private FileId file() {
        return held().file();
    }

    private Generation generation() {
        return held().generation();
    }

    private SegmentRun last() {
        return runs.get(runs.size() - 1);
    }

    /** Goes on in the last segment of the file. */
    private void take(FileStatus status) {
        Segment last = status.segments().get(status.segments().size() - 1);
        WriteTarget target = new WriteTarget(
                last.blob(), parts.truth().tractSize(), last.replication(), status.generation(), window());
        SegmentRun.Place place = new SegmentRun.Place(status.length() - last.length(), last.length());
        runs.add(new SegmentRun(parts, table, calls, target, place, new SegmentRun.Listener() {
            @Override
            public void progressed() {
                pump();
            }

            @Override
            public void failed(TractException error) {
                if (error.code() == ErrorCode.DISK_FULL && state != State.CLOSED) {
                    parts.process().note("has no space for file " + file());
                    end(End.FAILED);
                } else {
                    lose("failed: " + error);
                }
            }
        }));
        pump();
    }

    private boolean keepsWindow() {
        return !parts.off().contains(Rule.WRITERS_KEEP_THE_WINDOW);
    }

    private int window() {
        return keepsWindow() ? Truth.WINDOW : EVERY_TRACT;
    }

    private void nextStop() {
        int most = keepsWindow() ? MOST_BURST : (int) Math.max(1, goal - stop);
        stop = Math.min(goal, stop + 1 + parts.random().nextInt(most));
    }

    /** While nothing moves the leader is asked: of a file that was deleted the stores do not know why. */
    private void watch() {
        parts.process().after(STALL_NANOS, () -> {
            if (state == State.CLOSED) {
                return;
            }
            long progress = runs.stream()
                    .mapToLong(run -> run.acknowledged() + run.synced())
                    .sum();
            if (held().term().isLost()) {
                lose("the leader says so");
                return;
            }
            if (progress == progressSeen) {
                session.renew();
            }
            progressSeen = progress;
            watch();
        });
    }

    /** Goes on as far as it can; called after every step of a segment. */
    private void pump() {
        if (runs.isEmpty() || state == State.OPENING || state == State.CLOSED) {
            return;
        }
        SegmentRun run = last();
        if (run.movedOnAt() >= 0) {
            moveOn(run);
            return;
        }
        boolean waits = state == State.PAUSING || state == State.CONFIRMING;
        boolean room = run.appended() - run.acknowledged() < (keepsWindow() ? MOST_UNACKNOWLEDGED : Long.MAX_VALUE);
        if (!waits && run.appended() < stop && room) {
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
        long length = ended.movedOnAt();
        session.command(
                new FileCommand.AddSegment(file(), generation(), length),
                result -> {
                    if (state != State.OPENING) {
                        return;
                    }
                    state = before == State.PAUSING || before == State.CONFIRMING ? State.WRITING : before;
                    take(((Result.Opened) result).status());
                    if (before == State.SYNCING || before == State.CLOSING) {
                        runs.forEach(SegmentRun::syncAll);
                    }
                },
                code -> refused("its segment was not ended: ", code));
    }

    /** Everything up to the stop is appended. */
    private void arrived(SegmentRun run) {
        if (state == State.WRITING) {
            boolean atEnd = stop == goal;
            boolean sync = atEnd ? plan.syncOnClose() : parts.random().nextInt(4) == 0;
            state = atEnd ? State.CLOSING : sync ? State.SYNCING : State.FLUSHING;
            if (sync) {
                runs.forEach(SegmentRun::syncAll);
            }
        }
        boolean flushed = run.acknowledged() >= stop;
        boolean synced = runs.stream().allMatch(one -> one.synced() >= one.appended());
        if (state == State.CLOSING && flushed && (synced || !plan.syncOnClose())) {
            state = State.CONFIRMING;
            session.confirm(held(), mine -> confirmed(mine, this::close));
        } else if ((state == State.FLUSHING && flushed) || (state == State.SYNCING && flushed && synced)) {
            state = State.CONFIRMING;
            session.confirm(held(), mine -> confirmed(mine, this::pause));
        }
    }

    private void confirmed(boolean mine, Runnable then) {
        if (state == State.CONFIRMING && mine) {
            runs.forEach(run -> parts.checks().namespace().flushed(file(), generation(), run.acknowledged(file())));
            then.run();
        } else if (state == State.CONFIRMING) {
            lose("its lease is lost");
        }
    }

    private void pause() {
        state = State.PAUSING;
        parts.process().after(parts.random().nextInt(MOST_PAUSE_MS) * 1_000_000L, () -> {
            if (state == State.PAUSING) {
                state = State.WRITING;
                nextStop();
                pump();
            }
        });
    }

    private void close() {
        state = State.CLOSED;
        SegmentRun run = last();
        session.command(
                new FileCommand.Complete(file(), generation(), run.acknowledged() - run.start(), true),
                result -> end(End.CLOSED),
                code -> {
                    state = State.CLOSING;
                    refused("its close was refused: ", code);
                });
    }

    /** A call too old to be known may have happened or not: its writer does not go on. */
    private void refused(String what, ErrorCode code) {
        if (code == ErrorCode.CALL_TOO_OLD) {
            end(End.FAILED);
        } else {
            lose(what + code);
        }
    }

    /** The file is not this writer's any more. */
    private void lose(String why) {
        if (state != State.CLOSED) {
            parts.process().note("gives up file " + file() + " generation " + generation() + ": " + why);
            parts.checks().namespace().lost(file(), generation(), why);
            end(End.TAKEN);
        }
    }

    private void end(End how) {
        state = State.CLOSED;
        runs.forEach(SegmentRun::stop);
        if (lease != null) {
            session.closed(lease);
        }
        done.accept(how);
    }

    @Override
    public String toString() {
        return plan.open() + " " + state + " to " + stop + " of " + goal + " " + runs;
    }
}
