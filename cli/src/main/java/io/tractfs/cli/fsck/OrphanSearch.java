package io.tractfs.cli.fsck;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From stores to names: pages through the names of the files on each store, and asks which of their blobs are alive.
 *
 * <p>A blob that is not alive is garbage that the store has yet to remove, or an orphan. They are told apart by the
 * garbage log: what was not alive when the log's head was read is in the log up to there; a store that has applied it that
 * far and still has the tract has an orphan. A tract behind the end of a closed file, which a truncation or a writer's death
 * left, is told too if it holds anything. Memory is bounded: suspects are settled a few thousand at a time. Not
 * thread-safe.
 */
final class OrphanSearch {
    /** Suspects that are kept until they are settled. */
    static final int MOST_SUSPECTS = 4096;

    private static final int LOOKS = 30;
    private static final long PAUSE_MS = 500;

    private final FsckCluster cluster;
    private final FsckReport report;
    private final FsckOptions options;
    private final Summary summary;

    OrphanSearch(FsckCluster cluster, FsckReport report, FsckOptions options, Summary summary) {
        this.cluster = cluster;
        this.report = report;
        this.options = options;
        this.summary = summary;
    }

    /** Searches all stores that are registered. */
    void run(ClusterTable table) throws TractException {
        Map<StoreId, StoreInfo> stores = new TreeMap<>(table.stores());
        int number = 0;
        for (StoreInfo store : stores.values()) {
            number++;
            if (table.reachable(store.ref().store()).isEmpty()) {
                summary.storesNotCompared.add(table.name(store.ref().store()));
                continue;
            }
            try {
                search(store, table, number + " of " + stores.size());
            } catch (TractException e) {
                // Its copies were missed already, if it should have any; its orphans wait until it is back.
                if (e.code() == ErrorCode.PERMISSION_DENIED) {
                    throw e;
                }
                summary.storesNotCompared.add(table.name(store.ref().store()));
            }
        }
        summary.storesWereCompared = true;
    }

    private void search(StoreInfo store, ClusterTable table, String number) throws TractException {
        List<TractId> suspects = new ArrayList<>();
        List<TractId> behind = new ArrayList<>();
        long head = 0;
        long seen = 0;
        FsckCluster.@Nullable Place place = null;
        boolean more = true;
        while (more) {
            FsckCluster.Names page = cluster.names(store, place);
            List<BlobId> blobs =
                    page.tracts().stream().map(TractId::blob).distinct().toList();
            FsckCluster.Alive alive = cluster.alive(blobs);
            Set<BlobId> dead = dead(blobs, alive);
            Map<BlobId, Integer> ends = ends(blobs, alive);
            for (TractId tract : page.tracts()) {
                if (dead.contains(tract.blob())) {
                    suspects.add(tract);
                } else if (tract.index() >= ends.getOrDefault(tract.blob(), Integer.MAX_VALUE)) {
                    behind.add(tract);
                } else if (table.rowOf(tract).columnOf(store.ref().store()) < 0) {
                    summary.surplusCopies++;
                }
            }
            head = Math.max(head, alive.garbageHead());
            strays(store, table, page.strays());
            if (suspects.size() >= MOST_SUSPECTS) {
                settle(store, table, suspects, head);
                suspects.clear();
            }
            if (behind.size() >= MOST_SUSPECTS) {
                settleEnds(store, table, behind);
                behind.clear();
            }
            seen += page.tracts().size();
            report.progress("names on " + table.name(store.ref().store()) + " (" + number + "): " + seen);
            place = page.end();
            more = page.more();
        }
        settle(store, table, suspects, head);
        settleEnds(store, table, behind);
    }

    /** Who was asked before may have gone on writing: only what is behind the end again, and holds something, is told. */
    private void settleEnds(StoreInfo store, ClusterTable table, List<TractId> behind) throws TractException {
        List<TractId> held = holding(store, table, behind);
        List<BlobId> blobs = held.stream().map(TractId::blob).distinct().toList();
        Map<BlobId, Integer> ends = ends(blobs, cluster.alive(blobs));
        List<TractId> left = held.stream()
                .filter(tract -> tract.index() >= ends.getOrDefault(tract.blob(), Integer.MAX_VALUE))
                .toList();
        if (left.isEmpty()) {
            return;
        }
        StoreId id = store.ref().store();
        summary.behindEnds += left.size();
        boolean freed = false;
        if (options.repair()) {
            cluster.cut(id, left);
            freed = areEmpty(store, table, left);
            summary.freed += freed ? left.size() : 0;
        }
        report.behindEnds(id, table.name(id), left, freed);
    }

    /** Those of which the store has any byte; what is cut to nothing fences an earlier writer, and stays. */
    private List<TractId> holding(StoreInfo store, ClusterTable table, List<TractId> tracts) {
        if (tracts.isEmpty()) {
            return tracts;
        }
        StoreId id = store.ref().store();
        Map<TractId, CopyAnswer> answers =
                cluster.inspect(table, Map.of(id, tracts), false).getOrDefault(id, Map.of());
        return tracts.stream()
                .filter(tract ->
                        answers.getOrDefault(tract, CopyAnswer.absent()).length() > 0)
                .toList();
    }

    /** Whether the store says of each that it has no byte of it; one that does not answer says nothing. */
    private boolean areEmpty(StoreInfo store, ClusterTable table, List<TractId> tracts) {
        StoreId id = store.ref().store();
        Map<TractId, CopyAnswer> answers =
                cluster.inspect(table, Map.of(id, tracts), false).getOrDefault(id, Map.of());
        return tracts.stream()
                .map(tract -> answers.getOrDefault(tract, CopyAnswer.silent("")))
                .allMatch(answer -> !answer.isSilent() && answer.length() == 0);
    }

    private static Map<BlobId, Integer> ends(List<BlobId> blobs, FsckCluster.Alive alive) {
        Map<BlobId, Integer> ends = new HashMap<>();
        for (int i = 0; i < blobs.size(); i++) {
            if (alive.alive().get(i)) {
                ends.put(blobs.get(i), alive.tracts().get(i));
            }
        }
        return ends;
    }

    private void strays(StoreInfo store, ClusterTable table, List<String> strays) throws TractException {
        if (!strays.isEmpty()) {
            StoreId id = store.ref().store();
            summary.orphanedTracts += strays.size();
            if (options.repair()) {
                cluster.remove(id, List.of(), strays);
                summary.removedOrphans += strays.size();
            }
            report.strays(id, table.name(id), strays, options.repair());
        }
    }

    private static Set<BlobId> dead(List<BlobId> blobs, FsckCluster.Alive alive) {
        Set<BlobId> dead = new HashSet<>();
        for (int i = 0; i < blobs.size(); i++) {
            if (!alive.alive().get(i)) {
                dead.add(blobs.get(i));
            }
        }
        return dead;
    }

    private void settle(StoreInfo store, ClusterTable table, List<TractId> suspects, long head) throws TractException {
        if (suspects.isEmpty()) {
            return;
        }
        List<TractId> left = suspects;
        boolean applied = false;
        for (int look = 0; look < LOOKS && !applied && !left.isEmpty(); look++) {
            if (look > 0) {
                cluster.pause(PAUSE_MS);
            }
            // The cursor is read before the tracts: what it covers has been removed when they are asked for.
            applied = cluster.names(store, null).garbageCursor() >= head;
            left = present(store, table, left);
        }
        if (!applied) {
            summary.pendingGarbage += left.size();
        } else if (!left.isEmpty()) {
            tell(store, table, left);
        }
    }

    /** Those that the store still has; one that does not answer cannot say. */
    private List<TractId> present(StoreInfo store, ClusterTable table, List<TractId> tracts) {
        StoreId id = store.ref().store();
        Map<TractId, CopyAnswer> answers =
                cluster.inspect(table, Map.of(id, tracts), false).getOrDefault(id, Map.of());
        return tracts.stream()
                .filter(tract ->
                        answers.getOrDefault(tract, CopyAnswer.absent()).present())
                .toList();
    }

    private void tell(StoreInfo store, ClusterTable table, List<TractId> orphans) throws TractException {
        StoreId id = store.ref().store();
        summary.orphanedTracts += orphans.size();
        boolean removed = false;
        if (options.repair()) {
            cluster.remove(id, orphans, List.of());
            removed = present(store, table, orphans).isEmpty();
            summary.removedOrphans += removed ? orphans.size() : 0;
        }
        report.orphans(id, table.name(id), orphans, removed);
    }
}
