package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.recovery.TailSearch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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
    private volatile boolean cancelled;

    RecoverySession(FileRecovery owner, FileStatus status, long acknowledgedLength) {
        this.owner = owner;
        this.status = status;
        this.segment = status.segments().get(status.segments().size() - 1);
        this.search = new TailSearch(
                segment.tractSize(), Math.max(1, status.window()), Math.max(segment.length(), acknowledgedLength));
    }

    void cancel() {
        cancelled = true;
    }

    /** Goes one step on. */
    void run() {
        @Nullable LeaderView leader = owner.view();
        if (cancelled || leader == null) {
            owner.ended(status.file(), this);
            return;
        }
        if (search.length().isPresent()) {
            commit(search.length().getAsLong());
            return;
        }
        FenceRound round = new FenceRound(owner.client(), leader, segment, status.generation());
        List<Integer> wanted = search.wanted();
        CompletableFuture<?>[] fences = new CompletableFuture<?>[wanted.size()];
        for (int i = 0; i < fences.length; i++) {
            int tract = wanted.get(i);
            fences[i] = round.fence(new TractId(segment.blob(), tract))
                    .thenAcceptAsync(answers -> search.fenced(tract, answers), owner.timer());
        }
        CompletableFuture.allOf(fences).whenCompleteAsync((done, error) -> next("fence", error), owner.timer());
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
            owner.timer().schedule(this::run, RETRY_MS, TimeUnit.MILLISECONDS);
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
        @Nullable LeaderView leader = owner.view();
        if (leader == null) {
            owner.ended(status.file(), this);
            return;
        }
        FenceRound round = new FenceRound(owner.client(), leader, segment, status.generation());
        CompletableFuture<?>[] calls = cuts.entrySet().stream()
                .map(cut -> round.cut(new TractId(segment.blob(), cut.getKey()), cut.getValue()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(calls)
                .whenCompleteAsync(
                        (done, error) -> {
                            if (error == null || isFenced(error) || attempt == CUT_ATTEMPTS) {
                                owner.ended(status.file(), this);
                            } else {
                                owner.timer()
                                        .schedule(
                                                () -> cut(cuts, attempt + 1),
                                                RETRY_MS * attempt,
                                                TimeUnit.MILLISECONDS);
                            }
                        },
                        owner.timer());
    }

    private static boolean isFenced(Throwable error) {
        return cause(error) instanceof TractException known && known.code() == ErrorCode.GENERATION_FENCED;
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
