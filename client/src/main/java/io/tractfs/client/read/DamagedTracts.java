package io.tractfs.client.read;

import io.tractfs.client.Segment;
import io.tractfs.id.BlobId;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What stores say is damaged, against the table: which segments have a byte that no holder can give, be it that all their
 * copies of it are damaged or that none of them is there. Not thread-safe.
 */
final class DamagedTracts {
    private final TableImage table;
    private final boolean frozen;
    /** By index in the blob and store, the damaged ranges: from, to, from, to…. */
    private final Map<BlobId, SortedMap<Integer, Map<StoreId, List<Integer>>>> damage = new HashMap<>();

    /** Nothing is damaged yet. */
    DamagedTracts(TableImage table) {
        this.table = table;
        this.frozen = table.rows().stream()
                .anyMatch(row -> !row.isUp() || !row.waiting().isEmpty());
    }

    /**
     * Takes a store's word.
     *
     * @param ranges from, to, from, to…
     */
    void add(StoreId store, TractId tract, List<Integer> ranges) {
        damage.computeIfAbsent(tract.blob(), ignored -> new TreeMap<>())
                .computeIfAbsent(tract.index(), ignored -> new HashMap<>())
                .put(store, List.copyOf(ranges));
    }

    /** Whether no segment can have lost anything. */
    boolean areNone() {
        return damage.isEmpty() && !frozen;
    }

    /** Whether a segment has a byte that no holder can give. */
    boolean concern(Segment segment) {
        int copies = Math.max(1, Math.min(segment.replication(), table.columns()));
        return (frozen && hasFrozenRow(segment, copies)) || hasDamage(segment, copies);
    }

    /** Tracts of a blob are in consecutive rows: one round through the table meets them all. */
    private boolean hasFrozenRow(Segment segment, int copies) {
        int count = table.rows().size();
        int first = RowHash.rowOf(new TractId(segment.blob(), 0), count);
        long tracts = Math.min(count, tractCount(segment));
        for (long i = 0; i < tracts; i++) {
            Row row = table.rows().get((int) ((first + i) % count));
            if (!row.isUp() || row.isFrozen(copies)) {
                return true;
            }
        }
        return false;
    }

    private static long tractCount(Segment segment) {
        return (segment.length() + segment.tractSize() - 1) / segment.tractSize();
    }

    private boolean hasDamage(Segment segment, int copies) {
        SortedMap<Integer, Map<StoreId, List<Integer>>> tracts = damage.get(segment.blob());
        if (tracts == null) {
            return false;
        }
        for (Map.Entry<Integer, Map<StoreId, List<Integer>>> tract : tracts.entrySet()) {
            long left = segment.length() - (long) tract.getKey() * segment.tractSize();
            int needed = (int) Math.max(0, Math.min(segment.tractSize(), left));
            TractId id = new TractId(segment.blob(), tract.getKey());
            if (isLost(holders(table.rowOf(id), copies), tract.getValue(), needed)) {
                return true;
            }
        }
        return false;
    }

    private static List<StoreId> holders(Row row, int copies) {
        List<StoreId> holders = new ArrayList<>();
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && member.holds(copies)) {
                holders.add(member.ref().store());
            }
        }
        return holders;
    }

    /** Whether some byte below an offset is damaged at every holder. */
    private static boolean isLost(List<StoreId> holders, Map<StoreId, List<Integer>> ranges, int needed) {
        if (!ranges.keySet().containsAll(holders) || holders.isEmpty()) {
            return false;
        }
        BitSet lost = new BitSet();
        lost.set(0, needed);
        for (StoreId holder : holders) {
            BitSet bad = new BitSet();
            List<Integer> bounds = ranges.getOrDefault(holder, List.of());
            for (int i = 0; i + 1 < bounds.size(); i += 2) {
                int from = Math.min(needed, Math.max(0, bounds.get(i)));
                bad.set(from, Math.max(from, Math.min(needed, bounds.get(i + 1))));
            }
            lost.and(bad);
        }
        return !lost.isEmpty();
    }
}
