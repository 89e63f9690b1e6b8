package io.tractfs.wire.rpc;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Has an event loop look for more for a while before it sleeps in the kernel. A call of one thread goes through three
 * loops that sleep between its steps, and waking a thread costs more than most steps do; a loop that is awake needs no
 * wake-up for a task from another thread either.
 *
 * <p>After each look the processor is offered to other threads. When that takes longer than the whole spin may, others
 * have work for it: loops then sleep at once for {@value #PAUSE_SPINS} times as long. So a busy machine is left alone.
 * After {@value #FREE_MISSES} spins in a row that found nothing each further one lets sleeps pass without a spin, twice as
 * many each time, up to {@value #MOST_SKIPPED}: where answers take longer than a spin, as those that wait for a disk do,
 * spinning would only cost. Confined to its loop.
 */
final class SpinBeforeSleep implements SelectStrategy {
    /** Times the length of a spin that none follows after the processor was wanted by others. */
    private static final int PAUSE_SPINS = 400;

    private static final int FREE_MISSES = 4;
    private static final int MOST_SKIPPED = 15;

    private final long spinNanos;
    private final LongSupplier nanoTime;
    private final Runnable offer;
    /** Whether nothing was found since the last event. */
    private boolean spinning;

    private long endNanos;
    private long pausedUntilNanos;
    /** Spins in a row that found nothing. */
    private int misses;

    /** Sleeps to come without a spin. */
    private int toSkip;

    /**
     * A strategy of one loop.
     *
     * @param spinNanos how long to look, from the last thing found
     * @param offer lets other threads have the processor; returns when it is this thread's again
     */
    SpinBeforeSleep(long spinNanos, LongSupplier nanoTime, Runnable offer) {
        this.spinNanos = spinNanos;
        this.nanoTime = nanoTime;
        this.offer = offer;
        pausedUntilNanos = nanoTime.getAsLong();
    }

    @Override
    public int calculateStrategy(IntSupplier ready, boolean hasTasks) throws Exception {
        if (hasTasks) {
            found();
            return ready.get();
        }
        if (toSkip > 0) {
            toSkip--;
            return SELECT;
        }
        long now = nanoTime.getAsLong();
        if (now - pausedUntilNanos < 0) {
            return SELECT;
        }
        int events = ready.get();
        if (events > 0) {
            found();
            return events;
        }
        if (!spinning) {
            spinning = true;
            endNanos = now + spinNanos;
        }
        if (now - endNanos >= 0) {
            spinning = false;
            misses = Math.min(Integer.SIZE, misses + 1);
            toSkip = misses <= FREE_MISSES ? 0 : (int) Math.min(MOST_SKIPPED, (1L << (misses - FREE_MISSES)) - 1);
            return SELECT;
        }
        offer.run();
        long after = nanoTime.getAsLong();
        if (after - now > spinNanos) {
            spinning = false;
            pausedUntilNanos = after + PAUSE_SPINS * spinNanos;
        }
        return CONTINUE;
    }

    /** Only what a spin has found shows that spinning pays. */
    private void found() {
        if (spinning) {
            spinning = false;
            misses = 0;
        }
    }
}
