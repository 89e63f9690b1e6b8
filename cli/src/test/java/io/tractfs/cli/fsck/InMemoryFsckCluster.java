package io.tractfs.cli.fsck;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A small cluster in memory: 4 stores, 8 rows of 3 columns; what a test plans happens while a check pauses. Not thread-safe. */
final class InMemoryFsckCluster implements FsckCluster {
    static final int ROWS = 8;
    static final int TRACT = 100;
    static final List<StoreId> STORES = List.of(store(1), store(2), store(3), store(4));

    final TreeMap<String, CheckedFile> files = new TreeMap<>();
    final Map<StoreId, Map<TractId, CopyAnswer>> copies = new HashMap<>();
    final Set<BlobId> garbage = new HashSet<>();
    final List<Row> rows = new ArrayList<>();
    final Map<StoreId, String> states = new HashMap<>();
    final Map<StoreId, List<String>> strays = new HashMap<>();
    final Map<StoreId, Set<Integer>> repaired = new HashMap<>();
    final Deque<Runnable> duringPauses = new ArrayDeque<>();
    int pauses;
    int largestInspection;
    boolean superuser = true;
    boolean repairs = true;

    InMemoryFsckCluster() {
        for (int row = 0; row < ROWS; row++) {
            rows.add(row(row, RowVersion.of(new Epoch(1), 1), 0, 1, 2));
        }
        STORES.forEach(store -> copies.put(store, new TreeMap<>()));
    }

    static StoreId store(int number) {
        return new StoreId(new UUID(0, number));
    }

    static Row row(int index, RowVersion version, int... stores) {
        @Nullable Member[] members = new @Nullable Member[3];
        for (int column = 0; column < stores.length; column++) {
            members[column] = new Member(
                    new StoreRef(STORES.get(stores[column]), new Incarnation(1)), ClassSet.ofColumn(column, 3));
        }
        return new Row(index, version, Columns.of(members), List.of());
    }

    /** Freezes a row: nobody is left, and a store is waited for. */
    void freeze(int row, StoreId awaited) {
        Row now = rows.get(row);
        rows.set(
                row,
                new Row(
                        row,
                        now.version(),
                        Columns.of(
                                new Member(new StoreRef(STORES.get(3), new Incarnation(1)), ClassSet.EMPTY),
                                null,
                                null),
                        List.of(new Waiting(awaited, now.version(), new ClassSet(7)))));
    }

    /** A file with copies of all of its tracts. */
    CheckedFile file(String path, long blob, long length) {
        CheckedFile file = new CheckedFile(
                path, false, length, false, List.of(new CheckedFile.Run(new BlobId(blob), length, TRACT, 3)));
        files.put(path, file);
        for (int index = 0; index * (long) TRACT < length; index++) {
            int needed = (int) Math.min(TRACT, length - index * (long) TRACT);
            TractId tract = new TractId(new BlobId(blob), index);
            for (int column = 0; column < 3; column++) {
                Member member = table().rowOf(tract).columns().at(column);
                if (member != null) {
                    copies(member.ref().store()).put(tract, copy(needed));
                }
            }
        }
        return file;
    }

    static CopyAnswer copy(int length, CopyAnswer.Range... damaged) {
        return new CopyAnswer("", true, length, length, List.of(damaged));
    }

    Map<TractId, CopyAnswer> copies(StoreId store) {
        return copies.getOrDefault(store, Map.of());
    }

    @Override
    public Page walk(String path, String after) {
        List<CheckedFile> all = new ArrayList<>();
        files.forEach((name, file) -> {
            if (name.compareTo(after) > 0 && all.size() < 3) {
                all.add(file);
            }
        });
        boolean more = !all.isEmpty() && files.higherKey(all.get(all.size() - 1).path()) != null;
        return new Page(all, more, superuser);
    }

    @Override
    public Optional<CheckedFile> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public ClusterTable table() {
        Map<StoreId, StoreInfo> stores = new HashMap<>();
        Map<StoreId, String> names = new HashMap<>();
        for (int i = 0; i < STORES.size(); i++) {
            StoreId store = STORES.get(i);
            stores.put(
                    store,
                    new StoreInfo(new StoreRef(store, new Incarnation(1)), "tract-" + (i + 1), "localhost", 1, "/r"));
            names.put(store, "tract-" + (i + 1) + "/x");
        }
        return new ClusterTable(rows, stores, names, states, files.size());
    }

    @Override
    public Map<StoreId, Map<TractId, CopyAnswer>> inspect(
            ClusterTable table, Map<StoreId, List<TractId>> asked, boolean verify) {
        Map<StoreId, Map<TractId, CopyAnswer>> answers = new HashMap<>();
        asked.forEach((store, tracts) -> {
            largestInspection = Math.max(largestInspection, tracts.size());
            Map<TractId, CopyAnswer> said = new HashMap<>();
            for (TractId tract : tracts) {
                boolean away = table.reachable(store).isEmpty();
                said.put(
                        tract,
                        away
                                ? CopyAnswer.silent("it is DEAD")
                                : copies(store).getOrDefault(tract, CopyAnswer.absent()));
            }
            answers.put(store, said);
        });
        return answers;
    }

    @Override
    public Names names(StoreInfo store, @Nullable Place after) {
        List<TractId> left = copies(store.ref().store()).keySet().stream()
                .filter(tract -> after == null || after.tract() == null || tract.compareTo(after.tract()) > 0)
                .limit(2)
                .toList();
        @Nullable TractId last = left.isEmpty() ? null : left.get(left.size() - 1);
        return new Names(
                left,
                new Place(0, last),
                !left.isEmpty(),
                garbage.isEmpty() ? 5 : 4,
                after == null ? strays.getOrDefault(store.ref().store(), List.of()) : List.of());
    }

    @Override
    public Alive alive(List<BlobId> blobs) {
        Set<BlobId> known = new HashSet<>();
        files.values().forEach(file -> file.segments().forEach(segment -> known.add(segment.blob())));
        return new Alive(
                blobs.stream().map(known::contains).toList(),
                blobs.stream().map(this::tractsOf).toList(),
                5);
    }

    private int tractsOf(BlobId blob) {
        return files.values().stream()
                .filter(file -> !file.open())
                .flatMap(file -> file.segments().stream())
                .filter(segment -> segment.blob().equals(blob))
                .mapToInt(segment -> (int) segment.tractCount())
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    @Override
    public void cut(StoreId store, List<TractId> behindEnds) {
        behindEnds.forEach(tract -> copies(store).put(tract, copy(0)));
    }

    @Override
    public void repair(StoreId store, Collection<Integer> wanted) throws TractException {
        if (!superuser) {
            throw new TractException(ErrorCode.PERMISSION_DENIED, "not a superuser");
        }
        repaired.computeIfAbsent(store, ignored -> new HashSet<>()).addAll(wanted);
        if (repairs) {
            duringPauses.add(() -> files.values()
                    .forEach(file ->
                            file(file.path(), file.segments().get(0).blob().value(), file.length())));
        }
    }

    @Override
    public void remove(StoreId store, List<TractId> orphans, List<String> files) {
        orphans.forEach(copies(store)::remove);
        strays.remove(store);
    }

    @Override
    public void pause(long ms) {
        pauses++;
        @Nullable Runnable next = duringPauses.poll();
        if (next != null) {
            next.run();
        }
    }
}
