package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandBatcherTest {
    private static final BatchLimits LIMITS = new BatchLimits(6, 10_000, 4, 1000, 500, 2);

    /** A log whose entries a test ends by hand. Thread-safe. */
    private static final class HeldLog implements CommandBatcher.EntrySink {
        final BlockingQueue<Held> entries = new LinkedBlockingQueue<>();

        record Held(PendingEntry entry, CompletableFuture<Void> end) {
            void apply() {
                entry.complete(entry.calls().stream().map(call -> Result.YES).toList());
                end.complete(null);
            }
        }

        @Override
        public CompletableFuture<Void> append(PendingEntry entry) {
            Held held = new Held(entry, new CompletableFuture<>());
            entries.add(held);
            return held.end();
        }

        Held next() throws InterruptedException {
            Held held = entries.poll(10, TimeUnit.SECONDS);
            return Objects.requireNonNull(held, "No entry came");
        }
    }

    /** Wall time that goes back. */
    private static final class BackwardClock implements Clock {
        private long wallMs = 100;

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public synchronized long wallMs() {
            return wallMs--;
        }
    }

    private final HeldLog log = new HeldLog();
    private final CommandBatcher batcher =
            new CommandBatcher(log, LIMITS, 60_000, NamespaceLimits.HDFS, new BackwardClock());

    @AfterEach
    void close() {
        batcher.close();
    }

    private static Call call(long number) {
        return Call.ofSystem(new ClusterCommand.TrimGarbage(number));
    }

    private static TractException failure(CompletableFuture<Result> result) throws InterruptedException {
        try {
            result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TractException failure) {
                return failure;
            }
            throw new AssertionError("Failed otherwise", e);
        }
        throw new AssertionError("The call did not fail");
    }

    @Test
    void putsWhatArrivesMeanwhileIntoTheNextEntry() throws Exception {
        batcher.start();
        batcher.submit(call(1));
        HeldLog.Held first = log.next();
        batcher.submit(call(2));
        HeldLog.Held second = log.next();
        List<CompletableFuture<Result>> waiting = new ArrayList<>();
        for (int i = 3; i <= 7; i++) {
            waiting.add(batcher.submit(call(i)));
        }
        assertThat(log.entries).isEmpty();
        first.apply();
        HeldLog.Held third = log.next();
        assertThat(third.entry().calls()).hasSize(4);
        second.apply();
        assertThat(log.entries).as("fewer calls than are in flight").isEmpty();
        third.apply();
        assertThat(log.next().entry().calls()).hasSize(1);
        assertThat(waiting.get(3).get()).isEqualTo(Result.YES);
        assertThat(third.entry().timeMs()).isEqualTo(100);
    }

    @Test
    void putsAnnouncedCallsTogether() throws Exception {
        batcher.start();
        List<Runnable> tasks = new ArrayList<>();
        batcher.submit(call(1), tasks::add);
        batcher.submit(call(2), tasks::add);
        assertThat(log.entries).isEmpty();
        assertThat(tasks).hasSize(1);
        tasks.get(0).run();
        assertThat(log.next().entry().calls()).hasSize(2);
        batcher.submit(call(3), tasks::add);
        assertThat(tasks).hasSize(2);
    }

    @Test
    void completesTheCallsOfAnExecutorInOneTask() throws Exception {
        batcher.start();
        List<Runnable> tasks = new ArrayList<>();
        List<Runnable> others = new ArrayList<>();
        Executor loop = tasks::add;
        List<CompletableFuture<Result>> results = List.of(
                batcher.submit(call(1), loop), batcher.submit(call(2), others::add), batcher.submit(call(3), loop));
        tasks.remove(0).run();
        log.next().apply();
        assertThat(tasks).hasSize(1);
        assertThat(others).hasSize(1);
        tasks.forEach(Runnable::run);
        others.forEach(Runnable::run);
        assertThat(results).allMatch(result -> result.join().equals(Result.YES));
    }

    @Test
    void logsAnnouncedCallsAtOnceWhenNobodyWillRunTheTask() throws Exception {
        batcher.start();
        batcher.submit(call(1), task -> {
            throw new RejectedExecutionException("closed");
        });
        assertThat(log.next().entry().calls()).hasSize(1);
    }

    @Test
    void completesCallsItselfWhenTheirExecutorHasEnded() throws Exception {
        batcher.start();
        CompletableFuture<Result> result = batcher.submit(call(1), task -> {
            throw new RejectedExecutionException("closed");
        });
        log.next().apply();
        assertThat(result.get()).isEqualTo(Result.YES);
    }

    @Test
    void logsWhatCameBeforeTheStart() throws Exception {
        batcher.submit(call(1));
        assertThat(log.entries).isEmpty();
        batcher.start();
        assertThat(log.next().entry().calls()).hasSize(1);
    }

    @Test
    void refusesWhatIsOverTheQueue() throws Exception {
        for (int i = 0; i < 6; i++) {
            assertThat(batcher.submit(call(i))).isNotDone();
        }
        assertThat(failure(batcher.submit(call(7))).code()).isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void refusesACallThatIsTooLarge() throws Exception {
        Call large = new Call(Requester.SYSTEM, CallName.NONE, new FileCommand.Delete("/" + "x".repeat(600), true));
        assertThat(failure(batcher.submit(large)).code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void failsTheCallsOfAnEntryThatWasNotLogged() throws Exception {
        batcher.start();
        CompletableFuture<Result> result = batcher.submit(call(1));
        log.next().end().completeExceptionally(new TractException(ErrorCode.NOT_LEADER, "gone"));
        assertThat(failure(result).code()).isEqualTo(ErrorCode.NOT_LEADER);
        batcher.submit(call(2));
        assertThat(log.next().entry().calls()).hasSize(1);
    }

    @Test
    void failsWhatWaitsWhenItCloses() throws Exception {
        CompletableFuture<Result> result = batcher.submit(call(1));
        batcher.close();
        assertThat(failure(result).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(failure(batcher.submit(call(2))).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }
}
