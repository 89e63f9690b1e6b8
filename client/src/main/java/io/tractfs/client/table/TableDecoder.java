package io.tractfs.client.table;

import com.google.protobuf.ByteString;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.table.Waiting;
import io.tractfs.wire.proto.CompactRowMessage;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.TableMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns table messages into images. Pure. */
final class TableDecoder {
    private static final int UUID_BYTES = 16;
    private static final String UNKNOWN_HOST = ".invalid";
    private static final int MOST_ROWS = 1 << 22;
    /** Stands for the waiting stores of a frozen class that a leader of an older version does not name. */
    private static final StoreId SOMEONE = new StoreId(new UUID(0, 0));

    private TableDecoder() {}

    /**
     * The image after a message.
     *
     * @param base the image that a delta builds on; null if there is none
     */
    static TableImage decode(@Nullable TableImage base, TableMessage message) throws TractException {
        try {
            return checkedDecode(base, message);
        } catch (IllegalArgumentException e) {
            throw new TractException(ErrorCode.MALFORMED, "Table from the metadata server: " + e.getMessage(), e);
        }
    }

    private static TableImage checkedDecode(@Nullable TableImage base, TableMessage message) {
        TableSequence sequence = new TableSequence(new Epoch(message.getEpoch()), message.getChange());
        List<StoreInfo> named =
                message.getStoresList().stream().map(TableDecoder::store).toList();
        Map<StoreId, StoreInfo> stores = new LinkedHashMap<>();
        List<Row> changed = new ArrayList<>(message.getRowsCount());
        if (!message.getFull() && base == null) {
            throw new IllegalArgumentException("a delta came though the whole table was asked for");
        }
        TableImage start = !message.getFull() && base != null ? base : empty(message);
        if (!message.getFull() && base != null) {
            stores.putAll(base.stores());
        }
        named.forEach(store -> stores.merge(store.ref().store(), store, TableDecoder::better));
        int rows = start.rows().size();
        for (CompactRowMessage row : message.getRowsList()) {
            if (row.getIndex() < 0 || row.getIndex() >= rows) {
                throw new IllegalArgumentException("row " + row.getIndex() + " of " + rows);
            }
            changed.add(row(row, start.columns(), named));
        }
        return start.with(sequence, stores, changed);
    }

    /**
     * The address to use when one store is named twice: that of the later start; of one start the one that resolves (a
     * leader that does not know a member's address names a host below {@code .invalid}).
     */
    private static StoreInfo better(StoreInfo before, StoreInfo now) {
        int later = now.ref().incarnation().compareTo(before.ref().incarnation());
        return later > 0 || (later == 0 && !now.host().endsWith(UNKNOWN_HOST)) ? now : before;
    }

    private static TableImage empty(TableMessage message) {
        int rows = message.getRowCount();
        if (rows < 1 || rows > MOST_ROWS) {
            throw new IllegalArgumentException("a table of " + rows + " rows, expected 1 to " + MOST_ROWS);
        }
        List<Row> unassigned = new ArrayList<>(rows);
        for (int index = 0; index < rows; index++) {
            unassigned.add(Row.unassigned(index, message.getColumnCount()));
        }
        return new TableImage(
                new ClusterId(uuid(message.getClusterId())),
                TableSequence.NONE,
                message.getColumnCount(),
                Map.of(),
                unassigned);
    }

    private static Row row(CompactRowMessage message, int columns, List<StoreInfo> named) {
        @Nullable Member[] members = new @Nullable Member[columns];
        for (int column = 0; column < Math.min(columns, message.getStoresCount()); column++) {
            int place = message.getStores(column);
            if (place < 0 || place > named.size()) {
                throw new IllegalArgumentException("store " + place + " of " + named.size());
            }
            if (place > 0) {
                ClassSet held = new ClassSet(column < message.getHeldCount() ? message.getHeld(column) : 0);
                members[column] = new Member(named.get(place - 1).ref(), held);
            }
        }
        RowVersion version = new RowVersion(message.getVersion());
        return new Row(message.getIndex(), version, Columns.of(members), waiting(message, named));
    }

    private static List<Waiting> waiting(CompactRowMessage message, List<StoreInfo> named) {
        List<Waiting> waiting = new ArrayList<>();
        ClassSet listed = ClassSet.EMPTY;
        for (int i = 0; i < Math.min(message.getWaitingCount(), message.getWaitingClassesCount()); i++) {
            int place = message.getWaiting(i);
            if (place < 1 || place > named.size()) {
                throw new IllegalArgumentException("waiting store " + place + " of " + named.size());
            }
            ClassSet classes = new ClassSet(message.getWaitingClasses(i));
            listed = listed.plus(classes);
            waiting.add(new Waiting(named.get(place - 1).ref().store(), RowVersion.NONE, classes));
        }
        ClassSet others = new ClassSet(message.getFrozen()).minus(listed);
        if (!others.isEmpty()) {
            waiting.add(new Waiting(SOMEONE, RowVersion.NONE, others));
        }
        return waiting;
    }

    private static StoreInfo store(StoreInfoMessage message) {
        StoreRef ref = new StoreRef(
                new StoreId(uuid(message.getRef().getStore())),
                new Incarnation(message.getRef().getIncarnation()));
        return new StoreInfo(ref, message.getServer(), message.getHost(), message.getPort(), message.getDomain());
    }

    private static UUID uuid(ByteString bytes) {
        if (bytes.size() != UUID_BYTES) {
            throw new IllegalArgumentException("an id of " + bytes.size() + " bytes, expected " + UUID_BYTES);
        }
        var buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
