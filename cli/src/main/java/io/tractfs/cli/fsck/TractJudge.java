package io.tractfs.cli.fsck;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a tract with its row and with what the stores say.
 *
 * <p>A tract of replication r has a copy in each of the first min(r, k) columns of its row. A member that holds its class
 * whole has to have every byte; one that is still recovering owes nothing yet, and counts as a copy that is on its way.
 * Pure; thread-safe.
 */
final class TractJudge {
    private final ClusterTable table;

    TractJudge(ClusterTable table) {
        this.table = table;
    }

    /** The stores that have to hold a copy. */
    List<StoreId> holders(CheckedTract tract) {
        Row row = table.rowOf(tract.id());
        int copies = row.classOf(tract.replication());
        List<StoreId> holders = new ArrayList<>(copies);
        for (int column = 0; column < copies; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && member.holds(copies)) {
                holders.add(member.ref().store());
            }
        }
        return holders;
    }

    /** Judges a tract by the answers of its holders; a holder without an answer counts as silent. */
    Verdict judge(CheckedTract tract, Map<StoreId, CopyAnswer> answers) {
        Row row = table.rowOf(tract.id());
        int copies = row.classOf(tract.replication());
        List<StoreId> holders = holders(tract);
        List<Problem> problems = new ArrayList<>();
        Coverage coverage = new Coverage(tract.needed());
        int good = 0;
        for (StoreId holder : holders) {
            CopyAnswer answer = answers.getOrDefault(holder, CopyAnswer.silent("was not asked"));
            coverage.add(answer);
            @Nullable Problem problem = copyProblem(tract, holder, answer);
            if (problem == null) {
                good++;
            } else {
                problems.add(problem);
            }
        }
        long silent = problems.stream().filter(TractJudge::isSilence).count();
        boolean nobody = silent == holders.size();
        if (nobody && (holders.isEmpty() || row.isFrozen(copies))) {
            // The leader shows a row of which no holder lives with the members that it had.
            problems.addAll(0, frozen(row, copies));
        } else if (nobody) {
            problems.add(0, silence(row, holders));
        }
        if (!holders.isEmpty() && holders.size() < copies) {
            problems.add(underReplicated(row, copies, holders.size()));
        }
        return new Verdict(tract, row.index(), good, copies, coverage.isComplete(), problems);
    }

    private @Nullable Problem copyProblem(CheckedTract tract, StoreId store, CopyAnswer answer) {
        String name = table.name(store);
        if (answer.isSilent()) {
            return Problem.of(ProblemKind.UNREACHABLE, List.of(store), name + " does not answer: " + answer.failure());
        }
        if (!answer.present()) {
            return Problem.ofCopy(ProblemKind.MISSING, store, "no copy on " + name);
        }
        if (answer.reach() < tract.needed()) {
            return Problem.ofCopy(
                    ProblemKind.SHORT,
                    store,
                    "the copy on " + name + " has " + answer.reach() + " of " + tract.needed() + " bytes");
        }
        int bad = answer.damagedBefore(tract.needed());
        if (bad >= 0) {
            return Problem.ofCopy(ProblemKind.CORRUPT, store, "the copy on " + name + " is damaged from byte " + bad);
        }
        return null;
    }

    private static boolean isSilence(Problem problem) {
        return problem.kind() == ProblemKind.UNREACHABLE;
    }

    private Problem silence(Row row, List<StoreId> holders) {
        return Problem.of(
                ProblemKind.MISSING,
                holders,
                "row " + row.index() + " has no holder that answers, it waits for "
                        + String.join(" or ", holders.stream().map(table::name).toList()));
    }

    private List<Problem> frozen(Row row, int copies) {
        if (row.version().equals(RowVersion.NONE)) {
            String detail = "row " + row.index() + " is not up: no store that held it is here";
            return List.of(
                    Problem.of(ProblemKind.MISSING, List.of(), detail),
                    Problem.of(ProblemKind.FROZEN, List.of(), detail));
        }
        List<StoreId> awaited = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Waiting away : row.waiting()) {
            if (away.classes().contains(copies)) {
                awaited.add(away.store());
                names.add(table.name(away.store()));
            }
        }
        String detail = "row " + row.index() + " has no holder"
                + (names.isEmpty() ? "" : ", it waits for " + String.join(" or ", names));
        return List.of(
                Problem.of(ProblemKind.MISSING, awaited, detail), Problem.of(ProblemKind.FROZEN, awaited, detail));
    }

    private Problem underReplicated(Row row, int copies, int holders) {
        List<StoreId> coming = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        int vacant = 0;
        for (int column = 0; column < copies; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member == null) {
                vacant++;
            } else if (!member.holds(copies)) {
                coming.add(member.ref().store());
                reasons.add(table.name(member.ref().store()) + " is recovering");
            }
        }
        if (vacant > 0) {
            reasons.add(vacant == 1 ? "one column is vacant" : vacant + " columns are vacant");
        }
        return Problem.of(
                ProblemKind.UNDER_REPLICATED,
                coming,
                holders + " of " + copies + " copies in row " + row.index() + ": " + String.join(", ", reasons));
    }

    /** Which bytes some copy has. Not thread-safe. */
    private static final class Coverage {
        private final int needed;
        /** Starts and ends of what is covered, disjoint. */
        private final TreeMap<Integer, Integer> covered = new TreeMap<>();

        Coverage(int needed) {
            this.needed = needed;
        }

        void add(CopyAnswer answer) {
            int from = 0;
            int end = Math.min(needed, answer.reach());
            for (CopyAnswer.Range bad : answer.damaged()) {
                put(from, Math.min(end, bad.from()));
                from = Math.max(from, bad.to());
            }
            put(from, end);
        }

        private void put(int from, int to) {
            if (from < to) {
                covered.merge(from, to, Math::max);
            }
        }

        boolean isComplete() {
            int at = 0;
            for (Map.Entry<Integer, Integer> range : covered.entrySet()) {
                if (range.getKey() > at) {
                    return false;
                }
                at = Math.max(at, range.getValue());
            }
            return at >= needed;
        }
    }
}
