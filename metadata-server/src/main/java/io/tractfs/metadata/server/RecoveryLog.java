package io.tractfs.metadata.server;

import io.tractfs.id.StoreId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How recovery goes: what is left, what was copied, how fast. A recovery begins when columns have to be brought up to date
 * while none had to be before, and ends when none is left; plans that come meanwhile belong to it. The last few are
 * remembered, in memory alone. Thread-safe.
 */
final class RecoveryLog {
    /** Recoveries that are remembered. */
    static final int MOST_KEPT = 16;

    /** Stores tell what they fetched with their heartbeats: so long after its end a recovery's bytes may come. */
    static final long LATE_MS = 3_000;

    private static final long MS_PER_SECOND = 1_000;

    private final Map<StoreId, Fetched> fetched = new HashMap<>();
    private final Deque<Recovery> recoveries = new ArrayDeque<>();
    private long bytesInAll;
    private long number;
    private int lastLeft;

    /** What a store said last. */
    private record Fetched(long incarnation, long bytes) {}

    /**
     * One recovery. Immutable.
     *
     * @param number counts up from 1 within a leadership
     * @param beganMs when it was noticed, on the monotonic clock
     * @param endedMs when nothing was left; the last look while it goes on
     * @param ended whether it is over
     * @param columns places of rows that had to be brought up to date
     * @param left of them still to do
     * @param bytesBefore fetched by all stores before it began
     * @param bytes fetched since
     */
    record Recovery(
            long number,
            long beganMs,
            long endedMs,
            boolean ended,
            long columns,
            long left,
            long bytesBefore,
            long bytes) {
        Recovery with(long moreBytes) {
            return new Recovery(number, beganMs, endedMs, ended, columns, left, bytesBefore, moreBytes);
        }

        long durationMs() {
            return endedMs - beganMs;
        }

        /** Bytes a second since it began. */
        long rate() {
            return durationMs() <= 0 ? 0 : bytes * MS_PER_SECOND / durationMs();
        }

        /** How long it will still take if it goes on as before; -1 while nobody can know. */
        long remainingMs() {
            long done = columns - left;
            return left == 0 ? 0 : done == 0 ? -1 : durationMs() * left / done;
        }

        /** Bytes that are still to be fetched if the rest of the rows is like those that are done; -1 if none is. */
        long remainingBytes() {
            long done = columns - left;
            return left == 0 ? 0 : done == 0 ? -1 : bytes * left / done;
        }
    }

    /** A store's count of fetched bytes, which begins anew with each of its starts. */
    synchronized void fetched(StoreId store, long incarnation, long bytes) {
        Fetched before = fetched.put(store, new Fetched(incarnation, bytes));
        boolean sameStart = before != null && before.incarnation() == incarnation && before.bytes() <= bytes;
        bytesInAll += sameStart ? bytes - before.bytes() : before == null ? 0 : bytes;
    }

    /**
     * Looks at the table.
     *
     * @param left columns that are not up to date
     */
    synchronized void observe(int left, long nowMs) {
        Recovery last = recoveries.peekLast();
        if (last != null && !last.ended()) {
            recoveries.removeLast();
            recoveries.addLast(new Recovery(
                    last.number(),
                    last.beganMs(),
                    nowMs,
                    left == 0,
                    last.columns() + Math.max(0, left - lastLeft),
                    left,
                    last.bytesBefore(),
                    bytesInAll - last.bytesBefore()));
        } else if (left > 0) {
            if (recoveries.size() == MOST_KEPT) {
                recoveries.removeFirst();
            }
            recoveries.addLast(new Recovery(++number, nowMs, nowMs, false, left, left, bytesInAll, 0));
        } else if (last != null && nowMs - last.endedMs() <= LATE_MS) {
            recoveries.removeLast();
            recoveries.addLast(last.with(bytesInAll - last.bytesBefore()));
        }
        lastLeft = left;
    }

    /** A leadership has ended or begun: nothing is known any more. */
    synchronized void forget() {
        recoveries.clear();
        fetched.clear();
        lastLeft = 0;
    }

    /** The recoveries that are remembered, oldest first. */
    synchronized List<Recovery> recoveries() {
        return List.copyOf(recoveries);
    }
}
