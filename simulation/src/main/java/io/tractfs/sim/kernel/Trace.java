package io.tractfs.sim.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What happened, as a hash over everything and the last lines in words. Two runs of one seed have the same hash. Not
 * thread-safe.
 */
public final class Trace {
    private static final int KEPT_LINES = 120;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Listens to nothing: no line is put into words before somebody asks for the last ones. */
    public static final Consumer<String> SILENT = line -> {};

    private final Deque<Line> last = new ArrayDeque<>();
    private final Consumer<String> listener;
    private long hash = FNV_OFFSET;
    private long lines;

    /** One line. Immutable. */
    private record Line(long nowNanos, String what) {
        @Override
        public String toString() {
            return "%,13d us  %s".formatted(nowNanos / 1000, what);
        }
    }

    /**
     * An empty trace.
     *
     * @param listener told of every line
     */
    public Trace(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Takes a line. */
    void add(long nowNanos, String what) {
        mix(nowNanos);
        for (int i = 0; i < what.length(); i++) {
            mix(what.charAt(i));
        }
        lines++;
        Line line = new Line(nowNanos, what);
        last.add(line);
        if (last.size() > KEPT_LINES) {
            last.remove();
        }
        if (listener != SILENT) {
            listener.accept(line.toString());
        }
    }

    /** Takes the time of an event that has no line of its own. */
    void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
        hash ^= hash >>> 32;
    }

    /** The hash of everything so far. */
    public long hash() {
        return hash;
    }

    /** Lines so far. */
    public long lines() {
        return lines;
    }

    /** The last lines, oldest first. */
    public List<String> lastLines() {
        return last.stream().map(Line::toString).toList();
    }
}
