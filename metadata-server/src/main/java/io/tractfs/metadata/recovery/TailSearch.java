package io.tractfs.metadata.recovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a segment whose writer is gone (P18, P19, P21, P24).
 *
 * <p><b>Goal.</b> A length that covers all that was acknowledged and that every holder has.
 *
 * <p><b>Constraints.</b> The writer begins tract i+w only once all bytes through tract i are acknowledged, so when tract
 * p is the first that is not full on all holders, no tract from p+w on has a byte; tracts p to p+w-1 have to be fenced
 * before their lengths count. Nothing is cut below a length that some member recorded as acknowledged: a holder that is
 * shorter is damaged, and damaged ones count in no minimum. A byte that was written under the present version and that a
 * recovering member has not got is not acknowledged: it is cut, as no reader was shown it (P22). That member may have listed the
 * tract before the byte came, and would become a holder without it. If every member is a sound holder and all of them are shorter,
 * they lost power together, and what they had not synced is gone (P24).
 *
 * <p><b>Algorithm.</b> Begin at the tract of the acknowledged length, fence w tracts, and as long as the first of them is
 * full on all holders, go on to the next and fence one more. Some tracts before are looked at too, where that is possible:
 * the first that was cut short by a loss of power ends the segment.
 *
 * <p><b>Example.</b> w = 2, tracts of 100 bytes, 150 acknowledged: tracts 1 and 2 are fenced. Tract 1 is full on all
 * holders, so 3 is fenced too; tract 2 has 30 and 40 bytes: the segment is 230 bytes long.
 *
 * <p>Not thread-safe.
 */
public final class TailSearch {
    /** Tracts before the acknowledged end that are looked at: more than are full and not yet synced in practice. */
    private static final int LOOK_BACK = 16;

    private final int tractSize;
    private final int window;
    private final long recorded;
    private final int lookFrom;
    private final Map<Integer, List<Answer>> answers = new HashMap<>();
    private final Set<Integer> skipped = new HashSet<>();
    private long acknowledged;
    private int first;

    /**
     * What one member says of one tract once it is fenced. Immutable.
     *
     * @param holder whether it holds the tract's class whole
     * @param length bytes that it has without a gap
     * @param damaged whether part of the tract is damaged there
     * @param acknowledged length of the segment that it recorded as acknowledged
     * @param lengthAtVersion what it had when it accepted the present version; bytes beyond were written under it
     * @param ranges beyond the contiguous length, from, to, from, to…
     */
    public record Answer(
            boolean holder, int length, boolean damaged, long acknowledged, int lengthAtVersion, List<Integer> ranges) {
        /** Copies the list. */
        public Answer {
            ranges = List.copyOf(ranges);
        }

        /** What a member says that got nothing under the present version. */
        public Answer(boolean holder, int length, boolean damaged, long acknowledged) {
            this(holder, length, damaged, acknowledged, length, List.of());
        }

        /** End of what is there without a gap from some offset on. */
        private int coveredFrom(int from) {
            int end = Math.max(from, length);
            for (int i = 0; i + 1 < ranges.size(); i += 2) {
                if (ranges.get(i) <= end) {
                    end = Math.max(end, ranges.get(i + 1));
                }
            }
            return end;
        }
    }

    /**
     * A search from what is known.
     *
     * @param tractSize bytes of a tract
     * @param window tracts that the writer may have in flight (w)
     * @param recorded bytes of the segment in the namespace; the segment is never shorter
     * @param acknowledged bytes of the segment that its writer is known to have had acknowledged
     */
    public TailSearch(int tractSize, int window, long recorded, long acknowledged) {
        this.tractSize = tractSize;
        this.window = window;
        this.recorded = recorded;
        this.acknowledged = Math.max(recorded, acknowledged);
        this.first = Math.toIntExact(this.acknowledged / tractSize);
        this.lookFrom = Math.max(0, first - LOOK_BACK);
    }

    /** The tracts that are still to be fenced, or to be asked again, by index. */
    public List<Integer> wanted() {
        List<Integer> wanted = new ArrayList<>();
        for (int tract = first; tract < first + window; tract++) {
            boolean skip = tract > first && skipped.contains(tract);
            if (!skip && (!answers.containsKey(tract) || isUndecided(tract))) {
                wanted.add(tract);
            }
        }
        return wanted;
    }

    /** Tracts before the acknowledged end that are to be fenced too if that is possible at once. */
    public List<Integer> welcome() {
        List<Integer> welcome = new ArrayList<>();
        for (int tract = lookFrom; tract < first; tract++) {
            if (!answers.containsKey(tract)) {
                welcome.add(tract);
            }
        }
        return welcome;
    }

    /**
     * All members of a tract's row are fenced and have answered under one version.
     *
     * @throws IllegalArgumentException if no holder is among them
     */
    public void fenced(int tract, Collection<Answer> members) {
        if (members.stream().noneMatch(Answer::holder)) {
            throw new IllegalArgumentException("No holder of tract " + tract + " answered");
        }
        for (Answer member : members) {
            acknowledged = Math.max(acknowledged, member.acknowledged());
        }
        answers.put(tract, List.copyOf(members));
        while (answers.containsKey(first) && length(first) >= tractSize) {
            first++;
        }
    }

    /**
     * A tract's row has no holder, and the writer's lease is over on its own clock: it acknowledges nothing any more, so
     * the tract need not be fenced, unless the search comes to it (P19).
     */
    public void unreachable(int tract) {
        skipped.add(tract);
    }

    /** The length of the segment, once everything that is needed has answered. */
    public OptionalLong length() {
        if (!wanted().isEmpty()) {
            return OptionalLong.empty();
        }
        int last = last();
        return OptionalLong.of(Math.max(recorded, (long) last * tractSize + length(last)));
    }

    /** The tract with the end: the first that is not full. */
    private int last() {
        for (int tract = lookFrom; tract < first; tract++) {
            if (answers.containsKey(tract) && !isUndecided(tract) && length(tract) < tractSize) {
                return tract;
            }
        }
        return first;
    }

    /** Tracts from the one with the end on, with the length that each is to be cut to. */
    public Map<Integer, Integer> cuts(long length) {
        Map<Integer, Integer> cuts = new HashMap<>();
        for (int tract : answers.keySet()) {
            long within = length - (long) tract * tractSize;
            if (within < tractSize) {
                cuts.put(tract, (int) Math.max(0, within));
            }
        }
        return cuts;
    }

    /** Bytes of a tract that are known to be acknowledged. */
    private long due(int tract) {
        return Math.min(tractSize, Math.max(0, acknowledged - (long) tract * tractSize));
    }

    private int length(int tract) {
        long due = due(tract);
        long least = Long.MAX_VALUE;
        int old = tractSize;
        long leastOfAll = due;
        boolean damaged = false;
        for (Answer holder : holders(tract)) {
            damaged |= holder.damaged();
            leastOfAll = Math.min(leastOfAll, holder.length());
            if (!holder.damaged() && holder.length() >= due) {
                least = Math.min(least, holder.length());
                old = Math.min(old, holder.lengthAtVersion());
            }
        }
        if (least != Long.MAX_VALUE) {
            return (int) Math.max(due, Math.min(least, recovered(tract, old)));
        }
        return (int) (damaged ? due : leastOfAll);
    }

    /** Bytes that the recovering members have got or get from holders, of which those up to some length were there before. */
    private int recovered(int tract, int old) {
        return answers.getOrDefault(tract, List.of()).stream()
                .filter(member -> !member.holder())
                .mapToInt(member -> member.coveredFrom(old))
                .min()
                .orElse(tractSize);
    }

    /** Whether all holders lost something that a member which is not a holder yet may still bring (P7). */
    private boolean isUndecided(int tract) {
        @Nullable List<Answer> all = answers.get(tract);
        return all != null
                && holders(tract).stream().allMatch(holder -> !holder.damaged() && holder.length() < due(tract))
                && all.stream().anyMatch(member -> !member.holder());
    }

    private List<Answer> holders(int tract) {
        return answers.getOrDefault(tract, List.of()).stream()
                .filter(Answer::holder)
                .toList();
    }
}
