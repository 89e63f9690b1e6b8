package io.tractfs.metadata.planning;

import io.tractfs.id.StoreId;
import java.util.Set;

/**
 * Chooses a store for one column of one row. In this order: one that has space, another tract server than the row's other members, another
 * failure domain, a store that has data of the row already, the least load for its free space, the least load at this
 * place of a row, the fewest rows shared with the other members, and a start that rotates with the row. In a cluster of
 * more than {@value Load#PAIRED_STORES} stores only that many are looked at: a sample, drawn by row and column, of the
 * {@value #SPAN} stores after the row's first member (or after a start that rotates). The members of a row are thus at most
 * so far apart, which bounds the stores that share rows with one store (its scatter width): the more they are, the faster
 * a store is recovered, and the likelier is it that three stores lost at once have a row in common. Not thread-safe.
 */
final class SeatPicker {
    /** How far apart the members of a row may be, in the order of the roster. */
    static final int SPAN = 1_024;

    private static final int FULL = 1 << 20;
    private static final long LEAST_FREE_BYTES = 8 << 20;

    private final Roster roster;
    private final Load load;
    private int best;
    private int bestConflicts;
    private double bestRatio;
    private int bestAtColumn;

    SeatPicker(Roster roster, Load load) {
        this.roster = roster;
        this.load = load;
    }

    /**
     * The best store for a column, or -1 if there is none.
     *
     * @param seats stores of the row's columns so far, -1 where vacant
     */
    int pick(RowCase row, int column, int[] seats) {
        int count = roster.size();
        best = -1;
        if (count <= Load.PAIRED_STORES) {
            for (int i = 0; i < count; i++) {
                considerIfAllowed((row.base().index() + i) % count, row, column, seats);
            }
            return best;
        }
        int span = Math.min(count, SPAN);
        int start = start(row.base().index(), seats);
        int mixed = mix(row.base().index() * 31 + column);
        int stride = strideOf(mixed & Short.MAX_VALUE, span);
        int offset = (mixed >>> 16) % span;
        for (int i = 0; i < Load.PAIRED_STORES; i++) {
            considerIfAllowed((start + offset) % count, row, column, seats);
            offset = (offset + stride) % span;
        }
        return best;
    }

    private void considerIfAllowed(int store, RowCase row, int column, int[] seats) {
        if (isAllowed(store, seats, row.barred())) {
            consider(store, row, column, seats);
        }
    }

    /** A step that visits each place of a span once before any twice. */
    private static int strideOf(int wanted, int span) {
        int stride = 1 + wanted % span;
        while (greatestCommonDivisor(stride, span) > 1) {
            stride++;
        }
        return stride;
    }

    private static int greatestCommonDivisor(int one, int other) {
        return other == 0 ? one : greatestCommonDivisor(other, one % other);
    }

    /** Spreads the bits of a number over all of them (the finalizer of MurmurHash3). */
    private static int mix(int number) {
        int mixed = number;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }

    /** Takes a store for the best if it is better; what is costly to compare is looked at last. */
    private void consider(int store, RowCase row, int column, int[] seats) {
        int conflicts = 2 * conflicts(store, seats) + (hasData(store, row) ? 0 : 1) + (isFull(store) ? FULL : 0);
        double ratio = load.ratioWithOneMore(store);
        int atColumn = load.atColumn(store, column);
        if (best >= 0) {
            int order = Integer.compare(conflicts, bestConflicts);
            order = order != 0 ? order : Double.compare(ratio, bestRatio);
            order = order != 0 ? order : Integer.compare(atColumn, bestAtColumn);
            order = order != 0 ? order : Integer.compare(shared(store, seats), shared(best, seats));
            if (order >= 0) {
                return;
            }
        }
        best = store;
        bestConflicts = conflicts;
        bestRatio = ratio;
        bestAtColumn = atColumn;
    }

    /** Whether it could take no tract; then it is chosen only where there is no other. */
    boolean isFull(int store) {
        return roster.at(store).freeBytes() < LEAST_FREE_BYTES;
    }

    private int start(int rowIndex, int[] seats) {
        for (int seat : seats) {
            if (seat >= 0) {
                return seat;
            }
        }
        return rowIndex % roster.size();
    }

    private boolean isAllowed(int store, int[] seats, Set<StoreId> barred) {
        for (int seat : seats) {
            if (seat == store) {
                return false;
            }
        }
        return !roster.isDraining(store)
                && (barred.isEmpty() || !barred.contains(roster.at(store).ref().store()));
    }

    private boolean hasData(int store, RowCase row) {
        return !row.copies().isEmpty()
                && row.copies().containsKey(roster.at(store).ref().store());
    }

    /** How badly a store's failure would coincide with that of the row's other members. */
    int conflicts(int store, int[] seats) {
        int conflicts = 0;
        for (int seat : seats) {
            if (seat >= 0 && seat != store) {
                conflicts += (roster.sameServer(store, seat) ? seats.length + 1 : 0)
                        + (roster.sameDomain(store, seat) ? 1 : 0);
            }
        }
        return conflicts;
    }

    private int shared(int store, int[] seats) {
        int shared = 0;
        for (int seat : seats) {
            if (seat >= 0) {
                shared += load.together(store, seat);
            }
        }
        return shared;
    }
}
