package io.tractfs.metadata.recovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a segment whose writer is gone (P18, P19, P21).
 *
 * <p><b>Goal.</b> A length that covers all that was acknowledged and that every holder has.
 *
 * <p><b>Constraints.</b> The writer begins tract i+w only once all bytes through tract i are acknowledged, so when tract
 * p is the first that is not full on all holders, no tract from p+w on has a byte; tracts p to p+w-1 have to be fenced
 * before their lengths count. Nothing is cut below a length that some member recorded as acknowledged: a holder that is
 * shorter is damaged, and damaged ones count in no minimum.
 *
 * <p><b>Algorithm.</b> Begin at the tract of the acknowledged length, fence w tracts, and as long as the first of them is
 * full on all holders, go on to the next and fence one more.
 *
 * <p><b>Example.</b> w = 2, tracts of 100 bytes, 150 acknowledged: tracts 1 and 2 are fenced. Tract 1 is full on all
 * holders, so 3 is fenced too; tract 2 has 30 and 40 bytes: the segment is 230 bytes long.
 *
 * <p>Not thread-safe.
 */
public final class TailSearch {
    private final int tractSize;
    private final int window;
    private final Map<Integer, List<Answer>> answers = new HashMap<>();
    private long acknowledged;
    private int first;

    /**
     * What one member says of one tract once it is fenced. Immutable.
     *
     * @param holder whether it holds the tract's class whole
     * @param length bytes that it has without a gap
     * @param damaged whether part of the tract is damaged there
     * @param acknowledged length of the segment that it recorded as acknowledged
     */
    public record Answer(boolean holder, int length, boolean damaged, long acknowledged) {}

    /**
     * A search from what is known.
     *
     * @param tractSize bytes of a tract
     * @param window tracts that the writer may have in flight (w)
     * @param acknowledged bytes of the segment known to be acknowledged
     */
    public TailSearch(int tractSize, int window, long acknowledged) {
        this.tractSize = tractSize;
        this.window = window;
        this.acknowledged = acknowledged;
        this.first = Math.toIntExact(acknowledged / tractSize);
    }

    /** The tracts that are still to be fenced, by index. */
    public List<Integer> wanted() {
        List<Integer> wanted = new ArrayList<>();
        for (int tract = first; tract < first + window; tract++) {
            if (!answers.containsKey(tract)) {
                wanted.add(tract);
            }
        }
        return wanted;
    }

    /**
     * All members of a tract's row are fenced and have answered under one version.
     *
     * @throws IllegalArgumentException if no holder is among them
     */
    public void fenced(int tract, Collection<Answer> members) {
        List<Answer> holders = members.stream().filter(Answer::holder).toList();
        if (holders.isEmpty()) {
            throw new IllegalArgumentException("No holder of tract " + tract + " answered");
        }
        for (Answer member : members) {
            acknowledged = Math.max(acknowledged, member.acknowledged());
        }
        answers.put(tract, holders);
        while (answers.containsKey(first) && length(first) >= tractSize) {
            first++;
        }
    }

    /** The length of the segment, once everything that is needed has answered. */
    public OptionalLong length() {
        if (!wanted().isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(acknowledged, (long) first * tractSize + length(first)));
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

    private int length(int tract) {
        @Nullable List<Answer> holders = answers.get(tract);
        long due = Math.min(tractSize, Math.max(0, acknowledged - (long) tract * tractSize));
        long least = Long.MAX_VALUE;
        for (Answer holder : holders == null ? List.<Answer>of() : holders) {
            if (!holder.damaged() && holder.length() >= due) {
                least = Math.min(least, holder.length());
            }
        }
        return (int) (least == Long.MAX_VALUE ? due : least);
    }
}
