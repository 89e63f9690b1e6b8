package io.tractfs.client.read;

import java.util.List;
import java.util.OptionalInt;

/**
 * How much of a tract of an open file readers may see (P22): a byte that all holders have and, if it was written under
 * the present version, the recovering members too; and whatever any member has recorded as acknowledged. Pure.
 *
 * <p>Example: holders A and B have 200 and 150 bytes and both had 100 when they accepted the version; D is recovering
 * and has the range 100 to 140. Bytes below 100 were written before, so D gets them by reconcile; of those since, D has
 * 40: the visible length is 140.
 */
public final class VisibleLength {
    private VisibleLength() {}

    /**
     * The visible bytes of one tract.
     *
     * @param answers of every member of the class, under one version
     * @param start where the tract begins in the segment
     */
    public static int of(List<TailAnswer> answers, long start, int tractSize) {
        int acknowledged = 0;
        int held = tractSize;
        int old = tractSize;
        boolean anyHolder = false;
        for (TailAnswer answer : answers) {
            acknowledged = (int) Math.max(acknowledged, Math.min(tractSize, answer.acknowledged() - start));
            if (answer.holder() && !answer.damaged()) {
                anyHolder = true;
                held = Math.min(held, answer.length());
                old = Math.min(old, answer.lengthAtVersion());
            }
        }
        if (!anyHolder) {
            return acknowledged;
        }
        int visible = held;
        if (held > old) {
            for (TailAnswer answer : answers) {
                if (!answer.holder()) {
                    visible = Math.min(visible, answer.coveredFrom(old));
                }
            }
        }
        return Math.max(visible, acknowledged);
    }

    /**
     * What is left of a tract whose members all lost power together (P24): all of them are sound holders, and all have
     * less than was acknowledged, so nobody can bring the rest any more. Writer recovery ends the segment there too.
     *
     * @param answers of every member of the class, under one version
     * @param due bytes of the tract that were acknowledged before any of them was asked
     * @return empty if nothing was lost, or may still come back
     */
    public static OptionalInt leftAfterLoss(List<TailAnswer> answers, int due) {
        int held = Integer.MAX_VALUE;
        for (TailAnswer answer : answers) {
            if (!answer.holder() || answer.damaged() || answer.length() >= due) {
                return OptionalInt.empty();
            }
            held = Math.min(held, answer.length());
        }
        return answers.isEmpty() ? OptionalInt.empty() : OptionalInt.of(held);
    }
}
