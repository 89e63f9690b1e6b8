package io.tractfs.sim.kernel;

import java.util.PriorityQueue;

/**
 * Virtual time: events in order of their time, those of one instant in the order in which they were asked for. Not
 * thread-safe.
 */
public final class EventQueue {
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Trace trace;
    private long now;
    private long order;
    private long events;

    private record Due(long atNanos, long order, Runnable work) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** An empty queue at time zero. */
    public EventQueue(Trace trace) {
        this.trace = trace;
    }

    /** The time. */
    public long nowNanos() {
        return now;
    }

    /** The time in milliseconds. */
    public long nowMs() {
        return now / 1_000_000;
    }

    /** Events so far. */
    public long events() {
        return events;
    }

    /** Does work later. */
    public void after(long delayNanos, Runnable work) {
        queue.add(new Due(now + Math.max(0, delayNanos), order++, work));
    }

    /** Lets the next event happen; false if there is none. */
    public boolean runNext() {
        Due due = queue.poll();
        if (due == null) {
            return false;
        }
        now = due.atNanos();
        events++;
        trace.mix(now);
        due.work().run();
        return true;
    }

    /** Puts a line into the trace. */
    public void note(String what) {
        trace.add(now, what);
    }
}
