package io.tractfs.metadata.planning;

import io.tractfs.id.StoreId;
import java.util.Set;

/**
 * Chooses a store for one column of one row. In this order: one that has space, another tract server than the row's other members, another
 * failure domain, a store that has data of the row already, the least load for its free space, the least load at this
 * place of a row, the fewest rows shared with the other members, and a start that rotates with the row. In a cluster of
 * more than {@value Load#PAIRED_STORES} stores only a window of that many neighbours of the row's first member (or of a
 * start that rotates) is looked at, which bounds the scatter width. Not thread-safe.
 */
final class SeatPicker {
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
        int window = Math.min(count, Load.PAIRED_STORES);
        int store = count == 0 ? 0 : start(row.base().index(), seats);
        best = -1;
        for (int i = 0; i < window; i++) {
            if (isAllowed(store, seats, row.barred())) {
                consider(store, row, column, seats);
            }
            store = store + 1 == count ? 0 : store + 1;
        }
        return best;
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
    private boolean isFull(int store) {
        return roster.at(store).freeBytes() < LEAST_FREE_BYTES;
    }

    private int start(int rowIndex, int[] seats) {
        if (roster.size() > Load.PAIRED_STORES) {
            for (int seat : seats) {
                if (seat >= 0) {
                    return seat;
                }
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
