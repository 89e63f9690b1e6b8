package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Entry;
import io.tractfs.tract.store.KeyValues.Family;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The ledger in the store's key-value log, every change synced before it returns. A failed write fails the store.
 * Thread-safe.
 */
public final class RocksRowLedger implements RowLedger {
    private static final int PAGE = 1024;
    private static final byte VERSION = 1;
    private static final Bytes POINT = Bytes.name("leader.point");
    private static final Bytes CURSOR = Bytes.name("garbage.cursor");

    private final KeyValues values;
    private final StoreHealth health;

    /** A ledger over what is kept already. */
    public RocksRowLedger(KeyValues values, StoreHealth health) {
        this.values = values;
        this.health = health;
    }

    @Override
    public Map<Integer, HeldRow> load() throws TractException {
        Map<Integer, HeldRow> rows = new HashMap<>();
        for (Entry entry : all(Family.ROWS, Bytes.EMPTY)) {
            try {
                HeldRow row = RowRecord.decode(entry.value());
                rows.put(row.row().index(), row);
            } catch (IOException | IllegalArgumentException e) {
                throw new TractException(ErrorCode.DAMAGED, "row " + entry.key() + " of the ledger is damaged", e);
            }
        }
        return rows;
    }

    @Override
    public void persist(Collection<HeldRow> rows) throws TractException {
        List<Change> changes = new ArrayList<>();
        for (HeldRow row : rows) {
            changes.add(new Change(Family.ROWS, rowKey(row.row().index()), RowRecord.encode(row)));
        }
        write(changes);
    }

    @Override
    public LeaderPoint leaderPoint() throws TractException {
        ByteBuffer value = point(POINT, 29);
        if (!value.hasRemaining()) {
            return new LeaderPoint(Epoch.NONE, new Lineage(new UUID(0, 0)), 0);
        }
        value.get();
        Epoch epoch = new Epoch(value.getInt());
        return new LeaderPoint(epoch, new Lineage(new UUID(value.getLong(), value.getLong())), value.getLong());
    }

    @Override
    public void persist(LeaderPoint point) throws TractException {
        UUID lineage = point.lineage().value();
        ByteBuffer value =
                ByteBuffer.allocate(29).put(VERSION).putInt(point.epoch().value());
        value.putLong(lineage.getMostSignificantBits()).putLong(lineage.getLeastSignificantBits());
        value.putLong(point.appliedIndex());
        write(List.of(new Change(Family.POINTS, POINT, Bytes.of(value))));
    }

    @Override
    public long garbageCursor() throws TractException {
        ByteBuffer value = point(CURSOR, 9);
        return value.hasRemaining() ? value.getLong(1) : 0;
    }

    @Override
    public void persistGarbageCursor(long sequence) throws TractException {
        ByteBuffer value = ByteBuffer.allocate(9).put(VERSION).putLong(sequence);
        write(List.of(new Change(Family.POINTS, CURSOR, Bytes.of(value))));
    }

    @Override
    public void addTombstones(int row, Collection<BlobId> blobs) throws TractException {
        List<Change> changes = new ArrayList<>();
        for (BlobId blob : blobs) {
            Bytes key = Bytes.of(ByteBuffer.allocate(12).putInt(row).putLong(blob.value()));
            changes.add(new Change(Family.TOMBSTONES, key, Bytes.EMPTY));
        }
        write(changes);
    }

    @Override
    public List<BlobId> tombstones(int row) throws TractException {
        return all(Family.TOMBSTONES, rowKey(row)).stream()
                .map(entry -> new BlobId(entry.key().buffer().getLong(Integer.BYTES)))
                .toList();
    }

    @Override
    public void clearTombstones(int row) throws TractException {
        List<Change> changes = new ArrayList<>();
        all(Family.TOMBSTONES, rowKey(row))
                .forEach(entry -> changes.add(new Change(Family.TOMBSTONES, entry.key(), null)));
        write(changes);
    }

    private void write(List<Change> changes) throws TractException {
        health.check();
        if (changes.isEmpty()) {
            return;
        }
        try {
            values.write(changes, true);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    /** The value of a name; empty if there is none. */
    private ByteBuffer point(Bytes name, int size) throws TractException {
        health.check();
        try {
            ByteBuffer value =
                    values.get(Family.POINTS, name).orElse(Bytes.EMPTY).buffer();
            if (value.hasRemaining() && (value.get(0) != VERSION || value.remaining() != size)) {
                throw new TractException(ErrorCode.DAMAGED, name + " of the ledger is damaged or of another version");
            }
            return value;
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    private List<Entry> all(Family family, Bytes prefix) throws TractException {
        health.check();
        try {
            List<Entry> entries = new ArrayList<>();
            List<Entry> page = values.scan(family, prefix, PAGE);
            while (true) {
                for (Entry entry : page) {
                    if (!entry.key().startsWith(prefix)) {
                        return entries;
                    }
                    entries.add(entry);
                }
                if (page.size() < PAGE) {
                    return entries;
                }
                page = values.scan(family, page.get(page.size() - 1).key().next(), PAGE);
            }
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    private static Bytes rowKey(int row) {
        return Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(row));
    }
}
