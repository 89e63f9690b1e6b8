package io.tractfs.client.read;

import io.tractfs.client.Segment;
import io.tractfs.error.TractException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The course of finding how long the last segment of an open file is (P22). The namespace knows a lower bound that may be
 * far behind, so tracts are looked for in strides that double; a tract that anybody has begun proves that all but the
 * window's before it are acknowledged (P18). Where all members lost power together, the segment ends at what is left (P24).
 * The same answers lead to the same questions. Not thread-safe.
 */
public final class TailLength {
    /** Tracts before the acknowledged end that are looked at once a loss of power is found, as writer recovery does. */
    private static final int LOOK_BACK = 16;

    private final Segment last;
    private final int window;
    private final Members members;
    private long known;

    /**
     * A search from what the namespace knows.
     *
     * @param last the segment, with the length that the namespace knows
     * @param window tracts that its writer may have in flight
     */
    public TailLength(Segment last, int window, Members members) {
        this.last = last;
        this.window = window;
        this.members = members;
        this.known = last.length();
    }

    /** Who is asked. */
    @FunctionalInterface
    public interface Members {
        /** What every member has of a tract of the segment, all under one version; fails if they cannot be asked. */
        List<TailAnswer> ask(int tract) throws TractException;
    }

    /**
     * The visible length of the segment.
     *
     * @throws TractException if some member of the tail could not be asked
     */
    public long find() throws TractException {
        int size = last.tractSize();
        boolean strode = false;
        int index = (int) (known / size);
        while (true) {
            long start = (long) index * size;
            List<TailAnswer> answers = members.ask(index);
            for (TailAnswer answer : answers) {
                known = Math.max(known, answer.acknowledged());
            }
            if (known >= start + size) {
                index = (int) (known / size);
                continue;
            }
            OptionalLong lost = endAfterLoss(index, answers);
            if (lost.isPresent()) {
                return Math.max(last.length(), lost.getAsLong());
            }
            known = Math.max(known, start + VisibleLength.of(answers, start, size));
            if (known < start + size) {
                return known;
            }
            index++;
            if (!strode) {
                strode = true;
                int furthest = furthest(index - 1);
                index = Math.max(index, furthest - window + 1);
                known = Math.max(known, (long) index * size);
            }
        }
    }

    /**
     * Where a segment ends whose members lost power together (P24): at the first tract of which all of them have less
     * than was acknowledged. Tracts before are asked only if this one has lost bytes, or nothing of it was acknowledged.
     *
     * @param answers of the tract with the acknowledged end
     */
    private OptionalLong endAfterLoss(int index, List<TailAnswer> answers) throws TractException {
        int size = last.tractSize();
        int due = (int) (known - (long) index * size);
        OptionalLong end = end(index, size, VisibleLength.leftAfterLoss(answers, due));
        int first = Math.max((int) (last.length() / size), index - LOOK_BACK);
        for (int before = index - 1; before >= first; before--) {
            if (end.isEmpty() && (due > 0 || before < index - 1)) {
                return end;
            }
            OptionalInt left = VisibleLength.leftAfterLoss(members.ask(before), size);
            end = left.isPresent() ? end(before, size, left) : end;
        }
        return end;
    }

    private static OptionalLong end(int index, int size, OptionalInt left) {
        return left.isPresent() ? OptionalLong.of((long) index * size + left.getAsInt()) : OptionalLong.empty();
    }

    /** The furthest tract that has bytes at some member, as far as strides find it. */
    private int furthest(int from) throws TractException {
        int at = from;
        int stride = window;
        while (hasBytes(at + stride)) {
            at += stride;
            stride *= 2;
        }
        while (stride > 1) {
            stride /= 2;
            if (hasBytes(at + stride)) {
                at += stride;
            }
        }
        return at;
    }

    private boolean hasBytes(int index) throws TractException {
        return members.ask(index).stream().anyMatch(TailAnswer::hasBytes);
    }
}
