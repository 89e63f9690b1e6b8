package io.tractfs.sim.kernel;

import io.tractfs.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process that lives, freezes, dies and starts again. What was put off by one life never happens in the next; what
 * falls due while it is frozen happens when it thaws. Not thread-safe.
 */
public final class SimulatedProcess {
    private static final long MILLION = 1_000_000;
    private static final long START_MS = 1_700_000_000_000L;

    private final String name;
    private final EventQueue queue;
    private final Set<Runnable> endings = new LinkedHashSet<>();
    private List<Runnable> deferred = new ArrayList<>();
    private final Clock clock;
    private int driftPpm;
    private long jumpedMs;
    private State state = State.DOWN;
    private int life;

    /** What a process does at present. */
    public enum State {
        /** Not running. */
        DOWN,
        /** Running. */
        UP,
        /** Stopped by a signal, or by its machine: says nothing, forgets nothing. */
        FROZEN
    }

    /** A process that has not started. */
    public SimulatedProcess(String name, EventQueue queue) {
        this.name = name;
        this.queue = queue;
        this.clock = new Clock() {
            @Override
            public long nanoTime() {
                return queue.nowNanos() + queue.nowNanos() / MILLION * driftPpm;
            }

            @Override
            public long wallMs() {
                return START_MS + jumpedMs + monotonicMs();
            }
        };
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What it does. */
    public State state() {
        return state;
    }

    /** The clocks of its machine. */
    public Clock clock() {
        return clock;
    }

    /** Its clocks run faster than the time by so many parts in a million. */
    public void drift(int ppm) {
        driftPpm = ppm;
    }

    /** Somebody sets its wall clock. */
    public void jump(long ms) {
        jumpedMs += ms;
    }

    /** Whether it runs. */
    public boolean isUp() {
        return state == State.UP;
    }

    /** Whether it does not exist. */
    public boolean isDown() {
        return state == State.DOWN;
    }

    /** Starts a new life. */
    public void start() {
        life++;
        state = State.UP;
    }

    /** Ends the life; open calls to it break. */
    public void kill() {
        state = State.DOWN;
        deferred = new ArrayList<>();
        List<Runnable> broken = List.copyOf(endings);
        endings.clear();
        broken.forEach(Runnable::run);
    }

    /** Stops the time of the process. */
    public void freeze() {
        if (state == State.UP) {
            state = State.FROZEN;
        }
    }

    /** Lets it go on. */
    public void thaw() {
        if (state == State.FROZEN) {
            state = State.UP;
            List<Runnable> late = deferred;
            deferred = new ArrayList<>();
            late.forEach(work -> queue.after(0, bind(work)));
        }
    }

    /** Work that only this life does. */
    public Runnable bind(Runnable work) {
        int born = life;
        return () -> {
            if (life != born || state == State.DOWN) {
                return;
            }
            if (state == State.FROZEN) {
                deferred.add(work);
            } else {
                work.run();
            }
        };
    }

    /** Does work later, if this life lasts. */
    public void after(long delayNanos, Runnable work) {
        queue.after(delayNanos, bind(work));
    }

    /** Puts a line into the trace. */
    public void note(String what) {
        queue.note(name + " " + what);
    }

    /** Registers what is done when the life ends. */
    void onEnd(Runnable ending) {
        endings.add(ending);
    }

    /** Takes an ending back. */
    void dropEnding(Runnable ending) {
        endings.remove(ending);
    }

    @Override
    public String toString() {
        return name;
    }
}
