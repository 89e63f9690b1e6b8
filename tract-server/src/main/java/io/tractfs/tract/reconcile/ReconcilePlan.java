package io.tractfs.tract.reconcile;

import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From whom a member gets what it lacks in a row.
 *
 * <p>Goals: every missing class that has a holder is fetched; as few sources as possible are listed; different rows use
 * different sources. Constraints: a class comes from a member that holds it whole (P1). Algorithm: of the members that
 * hold something missing, beginning at a place that depends on the row, take the one that holds most of it, and go on
 * with the rest. A class without a holder is left out: it is frozen (P2). Immutable.
 *
 * @param row index of the row
 * @param version under which all of it is valid (P11)
 * @param sources at least one
 * @param holders every other member that holds something, as a second choice for what is damaged at a source (P25); with what
 *     it holds of what is wanted
 * @param only the tract to bring; null for every tract of the row
 * @param comparesAll whether everything of the member's column is compared with every holder, not only what it lacks
 */
public record ReconcilePlan(
        int row,
        RowVersion version,
        List<Source> sources,
        List<Source> holders,
        @Nullable TractId only,
        boolean comparesAll) {
    /** A plan for what a whole row lacks. */
    public ReconcilePlan(int row, RowVersion version, List<Source> sources, List<Source> holders) {
        this(row, version, sources, holders, null, false);
    }

    /** Copies the lists. */
    public ReconcilePlan {
        sources = List.copyOf(sources);
        holders = List.copyOf(holders);
    }

    /**
     * One source.
     *
     * @param store the member
     * @param classes what is fetched from it
     */
    public record Source(StoreRef store, ClassSet classes) {}

    /** A plan for what a member lacks; empty if nothing is missing or nobody holds it. */
    public static Optional<ReconcilePlan> forMissing(HeldRow held, StoreRef self) {
        return of(held.row(), self, ownClasses(held.row(), self).minus(held.held()));
    }

    /** A plan that compares everything of the member's column with every holder, to heal damage (P25) and to merge (P7). */
    public static Optional<ReconcilePlan> forHealing(HeldRow held, StoreRef self) {
        ClassSet wanted = ownClasses(held.row(), self);
        List<Source> holders = holders(others(held.row(), self), wanted);
        List<Source> sources =
                holders.stream().filter(holder -> !holder.classes().isEmpty()).toList();
        return sources.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new ReconcilePlan(held.row().index(), held.row().version(), sources, holders, null, true));
    }

    /** A plan that brings one tract of some classes; empty if no other member holds one of them. */
    public static Optional<ReconcilePlan> forTract(HeldRow held, StoreRef self, TractId tract, ClassSet classes) {
        return of(held.row(), self, classes)
                .map(all -> new ReconcilePlan(
                        all.row(), all.version(), all.sources().subList(0, 1), all.holders(), tract, false));
    }

    /** The classes that the plan brings. */
    public ClassSet classes() {
        ClassSet all = ClassSet.EMPTY;
        for (Source source : sources) {
            all = all.plus(source.classes());
        }
        return all;
    }

    private static Optional<ReconcilePlan> of(Row row, StoreRef self, ClassSet wanted) {
        List<Member> others = others(row, self);
        List<Source> sources = new ArrayList<>();
        ClassSet missing = wanted;
        while (!missing.isEmpty()) {
            @Nullable Member best = best(others, missing);
            if (best == null) {
                break;
            }
            ClassSet given = best.held().intersect(missing);
            sources.add(new Source(best.ref(), given));
            missing = missing.minus(given);
        }
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ReconcilePlan(row.index(), row.version(), sources, holders(others, wanted)));
    }

    private static List<Source> holders(List<Member> others, ClassSet wanted) {
        return others.stream()
                .map(member -> new Source(member.ref(), member.held().intersect(wanted)))
                .toList();
    }

    /** The other members that hold something, beginning at a column that depends on the row. */
    private static List<Member> others(Row row, StoreRef self) {
        List<Member> others = new ArrayList<>();
        int count = row.columns().count();
        for (int step = 0; step < count; step++) {
            @Nullable Member member = row.columns().at((row.index() + step) % count);
            if (member != null
                    && !member.held().isEmpty()
                    && !member.ref().store().equals(self.store())) {
                others.add(member);
            }
        }
        return others;
    }

    private static @Nullable Member best(List<Member> members, ClassSet missing) {
        @Nullable Member best = null;
        int most = 0;
        for (Member member : members) {
            int given = Integer.bitCount(member.held().intersect(missing).bits());
            if (given > most) {
                best = member;
                most = given;
            }
        }
        return best;
    }

    private static ClassSet ownClasses(Row row, StoreRef self) {
        int column = row.columnOf(self.store());
        return column < 0
                ? ClassSet.EMPTY
                : ClassSet.ofColumn(column, row.columns().count());
    }
}
