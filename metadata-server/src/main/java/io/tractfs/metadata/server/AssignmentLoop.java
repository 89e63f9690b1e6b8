package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.metadata.assignment.AssignmentCore;
import io.tractfs.metadata.assignment.Effect;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the assignment core: takes events from a bounded queue, has their effects carried out, and lets
 * time pass. Answers to what the core asked for are always taken, since it bounds them. Thread-safe.
 */
final class AssignmentLoop implements AutoCloseable {
    /** Most events that wait; past it those from outside are refused. */
    static final int MAX_QUEUED = 1 << 16;

    private static final Logger LOG = LoggerFactory.getLogger(AssignmentLoop.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int BATCH = 256;
    private static final long CLOSE_LIMIT_MS = 2000;

    private final AssignmentCore core;
    private final EffectRunner effects;
    private final Clock clock;
    private final Runnable onFailure;
    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile Epoch epoch = Epoch.NONE;

    /** Something for the thread to do. */
    @FunctionalInterface
    private interface Work {
        void run();
    }

    /**
     * A loop that is not started.
     *
     * @param onFailure called if the core fails: its state is lost, so the process has to end
     */
    AssignmentLoop(String server, AssignmentCore core, EffectRunner effects, Clock clock, Runnable onFailure) {
        this.core = core;
        this.effects = effects;
        this.clock = clock;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, server + "-assignment-0");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Begins a leadership.
     *
     * @param stillLeads asked when its turn has come; a loss after that is in the queue behind it
     */
    void lead(Event.LeadershipGained gained, BooleanSupplier stillLeads) {
        queue.add(() -> {
            if (!stillLeads.getAsBoolean()) {
                return;
            }
            epoch = gained.epoch();
            effects.begin(gained);
            step(gained);
        });
    }

    /** Ends the leadership. */
    void follow() {
        queue.add(() -> {
            epoch = Epoch.NONE;
            effects.end();
            step(new Event.LeadershipLost());
        });
    }

    /** Takes an event of the present leadership. False if the queue is full: the sender tries again later. */
    boolean offer(Event event) {
        return queue.size() < MAX_QUEUED && queue.offer(() -> step(event));
    }

    /**
     * Takes an answer to something that was done under an epoch; it is dropped if that is over. Never refused: the core
     * bounds what it asks for.
     */
    void answer(Epoch under, Event event) {
        queue.add(() -> {
            if (epoch.equals(under)) {
                step(event);
            }
        });
    }

    /** Asks the core something. */
    <T> CompletableFuture<T> ask(Function<AssignmentCore, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = queue.size() < MAX_QUEUED && queue.offer(() -> answer.complete(question.apply(core)));
        if (!taken) {
            answer.completeExceptionally(new TractException(ErrorCode.BUSY, "The assignment loop is busy"));
        }
        return answer;
    }

    private void run() {
        long nextTick = clock.nanoTime();
        try {
            while (!closed) {
                long wait = Math.max(0, nextTick - clock.nanoTime());
                @Nullable Work work = queue.poll(wait, TimeUnit.NANOSECONDS);
                for (int taken = 0; work != null && taken < BATCH; taken++) {
                    work.run();
                    effects.publishIfDue();
                    work = queue.poll();
                }
                if (work != null) {
                    work.run();
                }
                if (clock.nanoTime() - nextTick >= 0) {
                    step(new Event.Tick());
                    nextTick = clock.nanoTime() + TICK_NANOS;
                }
                effects.publish();
            }
        } catch (InterruptedException e) {
            LOG.info("event=assignment-loop-stopped");
        } catch (RuntimeException | Error e) {
            LOG.error("event=assignment-loop-failed", e);
            onFailure.run();
        }
    }

    private void step(Event event) {
        for (Effect effect : core.step(event, clock.nanoTime())) {
            effects.run(effect, this);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
