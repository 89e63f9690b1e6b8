package io.tractfs.tract.store;

import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row as the ledger keeps it.
 *
 * <pre>
 * 1   format version, 1
 * 4   index of the row
 * 8   version of the membership
 * 1   classes that this store holds whole, as bits
 * 1   1 = the floor of this version is known to be committed
 * 1   number of columns, then for each: 1 byte 0 = vacant, or 1, store id (16), incarnation (8), classes held (1)
 * 2   number of waiting stores, then for each: store id (16), version (8), classes (1)
 * </pre>
 *
 * All numbers are big-endian. Pure.
 */
final class RowRecord {
    private static final byte VERSION = 1;
    private static final int FIXED = 18;
    private static final int MEMBER = 26;
    private static final int WAITING = 25;

    private RowRecord() {}

    static Bytes encode(HeldRow held) {
        Row row = held.row();
        int columns = row.columns().count();
        ByteBuffer target =
                ByteBuffer.allocate(FIXED + columns * MEMBER + row.waiting().size() * WAITING);
        target.put(VERSION).putInt(row.index()).putLong(row.version().value());
        target.put((byte) held.held().bits()).put((byte) (held.published() ? 1 : 0));
        target.put((byte) columns);
        for (int column = 0; column < columns; column++) {
            Member member = row.columns().at(column);
            target.put((byte) (member == null ? 0 : 1));
            if (member != null) {
                putStore(target, member.ref().store());
                target.putLong(member.ref().incarnation().value());
                target.put((byte) member.held().bits());
            }
        }
        target.putShort((short) row.waiting().size());
        for (Waiting away : row.waiting()) {
            putStore(target, away.store());
            target.putLong(away.version().value()).put((byte) away.classes().bits());
        }
        return Bytes.of(target);
    }

    static HeldRow decode(Bytes bytes) throws FormatException {
        ByteBuffer source = bytes.buffer();
        try {
            byte version = source.get();
            if (version != VERSION) {
                throw new FormatException("row of the ledger has version " + version + ", not " + VERSION);
            }
            int index = source.getInt();
            RowVersion rowVersion = new RowVersion(source.getLong());
            ClassSet held = classes(source);
            boolean published = source.get() == 1;
            @Nullable Member[] members = new @Nullable Member[source.get() & 0xFF];
            for (int column = 0; column < members.length; column++) {
                members[column] = source.get() == 0 ? null : member(source);
            }
            List<Waiting> waiting = new ArrayList<>();
            for (int left = source.getShort(); left > 0; left--) {
                waiting.add(new Waiting(store(source), new RowVersion(source.getLong()), classes(source)));
            }
            return new HeldRow(new Row(index, rowVersion, Columns.of(members), waiting), held, published);
        } catch (BufferUnderflowException e) {
            throw new FormatException("row of the ledger ends early: " + e);
        } catch (IllegalArgumentException e) {
            throw new FormatException("row of the ledger cannot be: " + e.getMessage());
        }
    }

    private static Member member(ByteBuffer source) {
        StoreId store = store(source);
        return new Member(new StoreRef(store, new Incarnation(source.getLong())), classes(source));
    }

    private static ClassSet classes(ByteBuffer source) {
        return new ClassSet(source.get() & 0xFF);
    }

    private static void putStore(ByteBuffer target, StoreId store) {
        target.putLong(store.value().getMostSignificantBits())
                .putLong(store.value().getLeastSignificantBits());
    }

    private static StoreId store(ByteBuffer source) {
        return new StoreId(new UUID(source.getLong(), source.getLong()));
    }
}
