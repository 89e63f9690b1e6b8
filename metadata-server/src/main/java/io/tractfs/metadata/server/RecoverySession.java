package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.recovery.TailSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers one file: fences the tail's tracts on all members, measures, commits length and close, then cuts (P19). Each
 * step is tried until it is done, the file is closed, or a newer session takes over; a silent member holds it up until a
 * plan has removed it (B7). Runs on the server's timer thread, but for answers of calls. Confined to the timer thread.
 */
final class RecoverySession {
    private static final Logger LOG = LoggerFactory.getLogger(RecoverySession.class);
    private static final long RETRY_MS = 200;
    private static final int CUT_ATTEMPTS = 5;

    private final FileRecovery owner;
    private final FileStatus status;
    private final Segment segment;
    private final TailSearch search;
    /** When the writer's lease is over on the writer's own clock too. */
    private final long leaseOverMs;

    private volatile boolean cancelled;

    RecoverySession(FileRecovery owner, FileStatus status, long acknowledgedLength) {
        this.owner = owner;
        this.status = status;
        this.segment = status.segments().get(status.segments().size() - 1);
        this.search =
                new TailSearch(segment.tractSize(), Math.max(1, status.window()), segment.length(), acknowledgedLength);
        this.leaseOverMs = owner.leaseOverMs();
    }

    /** Whether it is the recovery under a generation, or under a later one. */
    boolean covers(Generation generation) {
        return status.generation().compareTo(generation) >= 0;
    }

    void cancel() {
        cancelled = true;
    }

    /** Goes one step on; one that fails in any way is tried again, or the file would wait for this session for ever. */
    void run() {
        try {
            step();
        } catch (RuntimeException | Error e) {
            LOG.error("event=writer-recovery-failed file={}", status.file(), e);
            next("step", e);
        }
    }

    private void step() {
        @Nullable TailMembers members = owner.members(segment, status.generation());
        if (cancelled || members == null) {
            owner.ended(status.file(), this);
            return;
        }
        if (!owner.isWaiting(status.file(), status.generation())) {
            LOG.info("event=writer-recovery-void file={} reason=\"deleted, or recovered by another\"", status.file());
            owner.ended(status.file(), this);
            return;
        }
        if (search.length().isPresent()) {
            commit(search.length().getAsLong());
            return;
        }
        List<Integer> wanted = search.wanted();
        List<CompletableFuture<?>> fences = new ArrayList<>();
        for (int tract : wanted) {
            fences.add(fence(members, tract).exceptionallyComposeAsync(error -> skip(tract, error), owner.timer()));
        }
        for (int tract : search.welcome()) {
            fences.add(fence(members, tract).exceptionally(error -> null));
        }
        CompletableFuture.allOf(fences.toArray(CompletableFuture<?>[]::new))
                .whenCompleteAsync(
                        (done, error) -> next("fence", error == null ? standstill(wanted) : error), owner.timer());
    }

    private CompletableFuture<Void> fence(TailMembers members, int tract) {
        return members.fence(new TractId(segment.blob(), tract))
                .thenAcceptAsync(answers -> search.fenced(tract, answers), owner.timer());
    }

    /** P19: a row without a holder is not waited for once the writer's lease is over on the writer's own clock. */
    private CompletableFuture<Void> skip(int tract, Throwable error) {
        boolean noHolder = cause(error) instanceof TractException known
                && (known.code() == ErrorCode.CLASS_FROZEN || known.code() == ErrorCode.ROW_UNAVAILABLE);
        boolean first = search.wanted().get(0) == tract;
        if (!noHolder || first || !owner.isPast(leaseOverMs)) {
            return CompletableFuture.failedFuture(error);
        }
        search.unreachable(tract);
        return CompletableFuture.completedFuture(null);
    }

    /** Why a round that failed in nothing brought nothing either; null if it did. */
    private @Nullable Throwable standstill(List<Integer> wanted) {
        return search.wanted().isEmpty() || !search.wanted().equals(wanted)
                ? null
                : new TractException(
                        ErrorCode.RECOVERING,
                        "All holders of tracts " + wanted + " of blob " + segment.blob()
                                + " have less than was acknowledged, and other members are still recovering");
    }

    private void next(String step, @Nullable Throwable error) {
        if (error == null) {
            run();
        } else if (isFenced(error)) {
            LOG.info("event=writer-recovery-superseded file={} step={}", status.file(), step);
            owner.ended(status.file(), this);
        } else {
            LOG.info(
                    "event=writer-recovery-waits file={} step={} reason=\"{}\"",
                    status.file(),
                    step,
                    cause(error).getMessage());
            owner.timer().schedule(this::run, RETRY_MS);
        }
    }

    private void commit(long length) {
        ClusterCommand command = new ClusterCommand.CommitRecovered(status.file(), status.generation(), length);
        owner.log()
                .submit(Call.ofSystem(command))
                .whenCompleteAsync(
                        (result, error) -> {
                            if (error != null) {
                                next("commit", error);
                            } else if (result instanceof Result.Refused refused) {
                                LOG.info(
                                        "event=writer-recovery-refused file={} reason=\"{}\"",
                                        status.file(),
                                        refused.message());
                                owner.ended(status.file(), this);
                            } else {
                                LOG.info("event=writer-recovered file={} length={}", status.file(), length);
                                cut(search.cuts(length), 1);
                            }
                        },
                        owner.timer());
    }

    /** What lies beyond the committed length is dropped; the file is closed already, so this may fail for good. */
    private void cut(Map<Integer, Integer> cuts, int attempt) {
        @Nullable TailMembers members = owner.members(segment, status.generation());
        if (members == null) {
            owner.ended(status.file(), this);
            return;
        }
        CompletableFuture<?>[] calls = cuts.entrySet().stream()
                .map(cut -> members.cut(new TractId(segment.blob(), cut.getKey()), cut.getValue()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(calls)
                .whenCompleteAsync(
                        (done, error) -> {
                            if (error == null || isFenced(error) || attempt == CUT_ATTEMPTS) {
                                owner.ended(status.file(), this);
                            } else {
                                owner.timer().schedule(() -> cut(cuts, attempt + 1), RETRY_MS * attempt);
                            }
                        },
                        owner.timer());
    }

    private static boolean isFenced(Throwable error) {
        return cause(error) instanceof TractException known && known.code() == ErrorCode.GENERATION_FENCED;
    }

    private static Throwable cause(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
