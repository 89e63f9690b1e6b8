package io.tractfs.cli.fsck;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks a batch of tracts.
 *
 * <p>Goals: a cluster at work gives no false alarm. Constraints: namespace, table and stores are asked one after the
 * other, so a file that is deleted, cut or renamed meanwhile, a row that moves and a store that restarts all look like
 * damage. Algorithm: what looks wrong is looked at again, after growing pauses, with a new table and with the file as it
 * is then; only what is wrong each time is told as wrong. A copy that its store mended meanwhile, of a file and in a row that
 * did not change, was wrong: it is told as healed. What a new table says by itself (a copy is on its way) needs no pause.
 * Not thread-safe.
 */
final class TractCheck {
    private static final long[] PAUSES_MS = {300, 1_000, 2_500};
    private static final int REPAIR_LOOKS = 60;
    private static final long REPAIR_PAUSE_MS = 500;

    private final FsckCluster cluster;
    private final FreshTable table;
    private final FsckOptions options;
    private final Summary summary;
    /** Stores that did not answer several times: nobody waits for them again. */
    private final Set<StoreId> silent = new HashSet<>();
    /** Rows that had no holder several times: nobody waits for them again. */
    private final Set<Integer> lost = new HashSet<>();
    /** Tracts that were in their files at the last look as they were at the first. */
    private final Set<TractId> unchanged = new HashSet<>();

    private final List<Verdict> healed = new ArrayList<>();

    TractCheck(FsckCluster cluster, FreshTable table, FsckOptions options, Summary summary) {
        this.cluster = cluster;
        this.table = table;
        this.options = options;
        this.summary = summary;
    }

    /** A verdict for each tract that is still needed. */
    List<Verdict> check(List<CheckedTract> tracts) throws TractException {
        List<Verdict> verdicts = new ArrayList<>();
        List<Verdict> doubtful = new ArrayList<>();
        healed.clear();
        unchanged.clear();
        ClusterTable first = table.recent();
        sort(judge(tracts, first, options.verify()), verdicts, doubtful);
        List<Verdict> found = doubtful.stream().filter(Verdict::isRepairable).toList();
        for (int look = 0; !doubtful.isEmpty() && (look == 0 || anyMayPass(doubtful)); look++) {
            if (look == PAUSES_MS.length) {
                break;
            }
            doubtful = lookAgain(doubtful, PAUSES_MS[look], verdicts);
        }
        doubtful.forEach(this::remember);
        noteHealed(found, verdicts, first);
        verdicts.addAll(options.repair() ? repair(doubtful) : doubtful);
        return verdicts;
    }

    /** What the last check saw wrong at first and sound later, though neither file nor row had changed. */
    List<Verdict> healed() {
        return List.copyOf(healed);
    }

    private void noteHealed(List<Verdict> found, List<Verdict> sound, ClusterTable first) throws TractException {
        if (found.isEmpty()) {
            return;
        }
        ClusterTable now = table.recent();
        Set<TractId> well = new HashSet<>();
        sound.forEach(verdict -> well.add(verdict.tract().id()));
        for (Verdict verdict : found) {
            TractId tract = verdict.tract().id();
            boolean sameRow =
                    first.rowOf(tract).version().equals(now.rowOf(tract).version());
            if (sameRow && unchanged.contains(tract) && well.contains(tract)) {
                healed.add(verdict);
            }
        }
    }

    private static void sort(List<Verdict> judged, List<Verdict> sound, List<Verdict> doubtful) {
        judged.forEach(verdict -> (verdict.isSound() ? sound : doubtful).add(verdict));
    }

    private boolean anyMayPass(List<Verdict> verdicts) {
        return verdicts.stream().anyMatch(this::mayPass);
    }

    /** Whether a second look may find it well: stores answer for themselves, and may be asked too early. */
    private boolean mayPass(Verdict verdict) {
        for (Problem problem : verdict.problems()) {
            boolean passing = switch (problem.kind()) {
                case UNREACHABLE -> !silent.containsAll(problem.stores());
                case FROZEN -> !lost.contains(verdict.row());
                case MISSING, SHORT, CORRUPT -> problem.repairable();
                case UNDER_REPLICATED -> false;
            };
            if (passing) {
                return true;
            }
        }
        return false;
    }

    private void remember(Verdict verdict) {
        if (verdict.has(ProblemKind.FROZEN)) {
            lost.add(verdict.row());
        }
        for (Problem problem : verdict.problems()) {
            if (problem.kind() == ProblemKind.UNREACHABLE) {
                silent.addAll(problem.stores());
            }
        }
    }

    private List<Verdict> lookAgain(List<Verdict> doubtful, long pauseMs, List<Verdict> sound) throws TractException {
        List<Verdict> waiting = doubtful.stream().filter(this::mayPass).toList();
        List<CheckedTract> again = new ArrayList<>();
        if (!waiting.isEmpty()) {
            cluster.pause(pauseMs);
        }
        ClusterTable now = table.now();
        again.addAll(stillNeeded(waiting.stream().map(Verdict::tract).toList()));
        doubtful.stream()
                .filter(verdict -> !mayPass(verdict))
                .map(Verdict::tract)
                .forEach(again::add);
        List<Verdict> left = new ArrayList<>();
        sort(judge(again, now, options.verify()), sound, left);
        return left;
    }

    /** The tracts in their files as they are now; those that no file needs any more are left out. */
    private List<CheckedTract> stillNeeded(List<CheckedTract> tracts) throws TractException {
        Map<String, Optional<CheckedFile>> files = new HashMap<>();
        List<CheckedTract> needed = new ArrayList<>();
        List<CheckedTract> moved = new ArrayList<>();
        for (CheckedTract tract : tracts) {
            String path = tract.file().path();
            if (!files.containsKey(path)) {
                files.put(path, cluster.file(path));
            }
            Optional<CheckedTract> now = files.get(path).flatMap(tract::in);
            if (now.isPresent()) {
                needed.add(now.get());
                if (now.get().equals(tract)) {
                    unchanged.add(tract.id());
                } else {
                    unchanged.remove(tract.id());
                }
            } else if (files.get(path).isEmpty()
                    || !hasBlob(files.get(path).get(), tract.id().blob())) {
                moved.add(tract);
            }
        }
        needed.addAll(alive(moved));
        return needed;
    }

    private static boolean hasBlob(CheckedFile file, BlobId blob) {
        return file.segments().stream().anyMatch(segment -> segment.blob().equals(blob));
    }

    /** A file that is not at its path was deleted, or renamed: then its blobs are alive. */
    private List<CheckedTract> alive(List<CheckedTract> moved) throws TractException {
        if (moved.isEmpty()) {
            return moved;
        }
        List<BlobId> blobs =
                moved.stream().map(tract -> tract.id().blob()).distinct().toList();
        List<Boolean> answers = cluster.alive(blobs).alive();
        Set<BlobId> alive = new HashSet<>();
        for (int i = 0; i < blobs.size(); i++) {
            if (answers.get(i)) {
                alive.add(blobs.get(i));
            }
        }
        return moved.stream().filter(tract -> alive.contains(tract.id().blob())).toList();
    }

    private List<Verdict> judge(List<CheckedTract> tracts, ClusterTable now, boolean verify) {
        TractJudge judge = new TractJudge(now);
        Map<StoreId, List<TractId>> asked = new LinkedHashMap<>();
        for (CheckedTract tract : tracts) {
            for (StoreId holder : judge.holders(tract)) {
                asked.computeIfAbsent(holder, ignored -> new ArrayList<>()).add(tract.id());
            }
        }
        Map<StoreId, Map<TractId, CopyAnswer>> answers = cluster.inspect(now, asked, verify);
        List<Verdict> verdicts = new ArrayList<>(tracts.size());
        for (CheckedTract tract : tracts) {
            Map<StoreId, CopyAnswer> copies = new HashMap<>();
            for (StoreId holder : judge.holders(tract)) {
                copies.put(
                        holder,
                        answers.getOrDefault(holder, Map.of())
                                .getOrDefault(tract.id(), CopyAnswer.silent("did not answer in time")));
            }
            verdicts.add(judge.judge(tract, copies));
        }
        return verdicts;
    }

    /** Has the stores reconcile what they lack, and waits for it as long as it can be had. */
    private List<Verdict> repair(List<Verdict> found) throws TractException {
        List<Verdict> repairable = found.stream().filter(Verdict::isRepairable).toList();
        if (repairable.isEmpty()) {
            return found;
        }
        order(repairable);
        List<Verdict> done = new ArrayList<>(
                found.stream().filter(verdict -> !verdict.isRepairable()).toList());
        List<Verdict> left = repairable;
        for (int look = 0; look < REPAIR_LOOKS && left.stream().anyMatch(Verdict::readable); look++) {
            cluster.pause(REPAIR_PAUSE_MS);
            List<Verdict> sound = new ArrayList<>();
            List<Verdict> still = new ArrayList<>();
            sort(judge(left.stream().map(Verdict::tract).toList(), table.recent(), false), sound, still);
            summary.repairedTracts += sound.size();
            done.addAll(sound);
            left = still;
        }
        done.addAll(left);
        return done;
    }

    private void order(List<Verdict> repairable) throws TractException {
        Map<StoreId, Set<Integer>> rows = new LinkedHashMap<>();
        for (Verdict verdict : repairable) {
            for (Problem problem : verdict.problems()) {
                if (problem.repairable()) {
                    problem.stores()
                            .forEach(store -> rows.computeIfAbsent(store, ignored -> new TreeSet<>())
                                    .add(verdict.row()));
                }
            }
        }
        for (Map.Entry<StoreId, Set<Integer>> order : rows.entrySet()) {
            try {
                cluster.repair(order.getKey(), order.getValue());
            } catch (TractException e) {
                if (e.code() == ErrorCode.PERMISSION_DENIED) {
                    throw e;
                }
                // A store that is gone by now has nothing to repair; what is wrong stays in the report.
                silent.add(order.getKey());
            }
        }
    }
}
