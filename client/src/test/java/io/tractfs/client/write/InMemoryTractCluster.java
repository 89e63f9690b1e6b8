package io.tractfs.client.write;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
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
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of stores in memory that keeps the protocol's rules as far as a writer sees them: version gate, gaps,
 * ranges of recovering members, plans that leave a live holder, reconcile. Which bytes are there is kept, their values
 * are not. Not thread-safe.
 */
final class InMemoryTractCluster {
    private static final int COLUMNS = 3;

    final List<FakeStore> stores = new ArrayList<>();
    private final Row[] rows;
    private int counter = 1;
    private long change = 1;

    /** One store. */
    static final class FakeStore {
        final StoreRef ref;
        final Map<Integer, RowVersion> versions = new HashMap<>();
        final Map<Integer, Boolean> holder = new HashMap<>();
        final Map<TractId, BitSet> present = new HashMap<>();
        final Map<TractId, BitSet> onDisk = new HashMap<>();
        boolean dead;
        boolean full;
        /** Cut off from the leader only: plans do not reach it, writers do. */
        boolean isolated;

        FakeStore(int number) {
            this.ref = new StoreRef(new StoreId(new UUID(7, number)), new Incarnation(1));
        }

        boolean isHolder(int row) {
            return holder.getOrDefault(row, false);
        }

        BitSet bytes(TractId tract) {
            return present.computeIfAbsent(tract, key -> new BitSet());
        }
    }

    InMemoryTractCluster(int storeCount, int rowCount) {
        for (int i = 0; i < storeCount; i++) {
            stores.add(new FakeStore(i));
        }
        rows = new Row[rowCount];
        for (int index = 0; index < rowCount; index++) {
            @Nullable Member[] members = new @Nullable Member[COLUMNS];
            RowVersion version = RowVersion.of(new Epoch(1), counter++);
            for (int column = 0; column < COLUMNS; column++) {
                FakeStore store = stores.get((index + column) % storeCount);
                members[column] = new Member(store.ref, ClassSet.ofColumn(column, COLUMNS));
                store.versions.put(index, version);
                store.holder.put(index, true);
            }
            rows[index] = new Row(index, version, Columns.of(members), List.of());
        }
    }

    TableImage image() {
        Map<StoreId, StoreInfo> infos = new HashMap<>();
        for (FakeStore store : stores) {
            infos.put(store.ref.store(), new StoreInfo(store.ref, "server", "host", 1, "/rack"));
        }
        return new TableImage(
                new ClusterId(new UUID(1, 1)), new TableSequence(new Epoch(1), change), COLUMNS, infos, List.of(rows));
    }

    FakeStore store(StoreRef ref) {
        return stores.stream()
                .filter(store -> store.ref.equals(ref))
                .findFirst()
                .orElseThrow();
    }

    Row row(int index) {
        return rows[index];
    }

    /** Replaces the member of a column; false where no other live holder would be left to persist the version (P2). */
    boolean replace(int index, int column, @Nullable FakeStore replacement) {
        Row old = rows[index];
        boolean survivor = false;
        for (int other = 0; other < COLUMNS; other++) {
            Member member = old.columns().at(other);
            survivor |= other != column && member != null && isReachableHolder(index, store(member.ref()));
        }
        if (!survivor) {
            return false;
        }
        Member fresh = replacement == null ? null : new Member(replacement.ref, ClassSet.EMPTY);
        RowVersion version = RowVersion.of(new Epoch(1), counter++);
        Columns columns = old.columns().with(column, fresh);
        for (int other = 0; other < COLUMNS; other++) {
            Member member = columns.at(other);
            if (member != null && other != column && !isReachable(store(member.ref()))) {
                columns = columns.with(other, null);
            }
        }
        publish(new Row(index, version, columns, List.of()), replacement);
        return true;
    }

    private void publish(Row row, @Nullable FakeStore replacement) {
        for (int column = 0; column < COLUMNS; column++) {
            Member member = row.columns().at(column);
            if (member != null) {
                FakeStore store = store(member.ref());
                store.versions.put(row.index(), row.version());
                if (store == replacement) {
                    store.holder.put(row.index(), false);
                    store.present.keySet().removeIf(tract -> rowOf(tract) == row.index());
                }
            }
        }
        rows[row.index()] = row;
        change++;
    }

    int rowOf(TractId tract) {
        return image().rowOf(tract).index();
    }

    private boolean isReachable(FakeStore store) {
        return !store.dead && !store.isolated;
    }

    private boolean isReachableHolder(int row, FakeStore store) {
        return isReachable(store) && store.holder.getOrDefault(row, false);
    }

    /** Marks a row's classes as frozen or not, under a new version. */
    void freeze(int index, boolean frozen) {
        Row old = rows[index];
        RowVersion version = RowVersion.of(new Epoch(1), counter++);
        List<Waiting> waiting =
                frozen ? List.of(new Waiting(new StoreId(new UUID(9, 9)), old.version(), new ClassSet(7))) : List.of();
        publish(new Row(index, version, old.columns(), waiting), null);
    }

    /** A recovering member of a row fetches what a holder has and becomes a holder, under the present version. */
    void reconcile(int index) {
        Row row = rows[index];
        for (int column = 0; column < COLUMNS; column++) {
            Member member = row.columns().at(column);
            if (member == null || store(member.ref()).isHolder(index) || store(member.ref()).dead) {
                continue;
            }
            FakeStore source = anyHolder(row);
            if (source == null) {
                return;
            }
            FakeStore target = store(member.ref());
            source.present.forEach((tract, bytes) -> {
                if (rowOf(tract) == index) {
                    target.bytes(tract).or(bytes);
                    target.onDisk.computeIfAbsent(tract, key -> new BitSet()).or(target.bytes(tract));
                }
            });
            target.holder.put(index, true);
            rows[index] = new Row(
                    index,
                    row.version(),
                    row.columns().with(column, new Member(target.ref, ClassSet.ofColumn(column, COLUMNS))),
                    row.waiting());
            change++;
            return;
        }
    }

    private @Nullable FakeStore anyHolder(Row row) {
        for (int column = 0; column < COLUMNS; column++) {
            Member member = row.columns().at(column);
            if (member != null && isReachableHolder(row.index(), store(member.ref()))) {
                return store(member.ref());
            }
        }
        return null;
    }

    /** Serves a call as a store does; the event that answers it. */
    WriteEvent serve(WriteEffect.Call call) {
        try {
            FakeStore store = store(call.address().member());
            gate(store, call.address());
            RowVersion version = call.address().version();
            if (call instanceof WriteEffect.Send send) {
                write(store, send);
                return new WriteEvent.Written(send.token(), version);
            }
            return new WriteEvent.Answered(call.token(), ensure(store, (WriteEffect.Ask) call), version);
        } catch (TractException e) {
            return new WriteEvent.Refused(call.token(), e.code(), e.version(), String.valueOf(e.getMessage()));
        }
    }

    private static void gate(FakeStore store, WriteEffect.Address address) throws TractException {
        if (store.dead) {
            throw new TractException(ErrorCode.CONNECT_FAILED, "dead");
        }
        RowVersion held = store.versions.get(address.row());
        if (held == null) {
            throw new TractException(ErrorCode.NOT_A_MEMBER, "not a member");
        }
        if (address.version().isBefore(held)) {
            throw new TractException(ErrorCode.STALE_VERSION, "stale", held, null);
        }
        if (address.version().isAfter(held)) {
            throw new TractException(ErrorCode.BEHIND_VERSION, "behind", held, null);
        }
    }

    private static void write(FakeStore store, WriteEffect.Send send) throws TractException {
        Packet packet = send.packet();
        BitSet bytes = store.bytes(send.address().tract());
        if (store.isHolder(send.address().row()) && bytes.nextClearBit(0) < packet.offset()) {
            throw new TractException(ErrorCode.GAP, "gap at " + bytes.nextClearBit(0));
        }
        if (store.full && packet.length() > 0) {
            throw new TractException(ErrorCode.DISK_FULL, "full");
        }
        bytes.set(packet.offset(), packet.end());
        if (send.sync()) {
            sync(store, send.address().tract());
        }
    }

    private static int ensure(FakeStore store, WriteEffect.Ask ask) {
        BitSet bytes = store.bytes(ask.address().tract());
        if (ask.sync()) {
            sync(store, ask.address().tract());
        }
        int from = store.isHolder(ask.address().row()) ? 0 : ask.from();
        return Math.min(ask.length(), bytes.nextClearBit(from));
    }

    private static void sync(FakeStore store, TractId tract) {
        store.onDisk.computeIfAbsent(tract, key -> new BitSet()).or(store.bytes(tract));
    }
}
