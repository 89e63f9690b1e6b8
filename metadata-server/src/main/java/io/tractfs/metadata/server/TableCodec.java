package io.tractfs.metadata.server;

import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.TableHistory;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.CompactRowMessage;
import io.tractfs.wire.proto.TableMessage;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tract table in the compact form that clients load: whole, or what changed since the sequence that a client has.
 * Not thread-safe: one per message.
 */
final class TableCodec {
    /** Stands for the address of a member that has not registered with this leader: a name that never resolves. */
    private static final String UNKNOWN_HOST = "unknown.invalid";

    private static final int UNKNOWN_PORT = 1;

    private final TableImage image;
    private final TableMessage.Builder message;
    private final Map<StoreRef, Integer> places = new HashMap<>();

    private TableCodec(TableImage image) {
        this.image = image;
        this.message = TableMessage.newBuilder()
                .setClusterId(IdCodec.encode(image.cluster()))
                .setEpoch(image.sequence().epoch().value())
                .setChange(image.sequence().change())
                .setRowCount(image.rows().size())
                .setColumnCount(image.columns());
    }

    /** The table for a client that has a sequence ({@link TableSequence#NONE} if it has nothing). */
    static TableMessage encode(TableHistory history, TableSequence known) {
        TableCodec codec = new TableCodec(history.image());
        boolean delta = history.knows(known);
        codec.message.setFull(!delta);
        if (delta && history.storesChangedSince(known)) {
            codec.addAllStores();
        }
        codec.addRows(delta ? history.since(known) : history.image().rows());
        return codec.message.build();
    }

    private void addAllStores() {
        for (Map.Entry<StoreId, StoreInfo> store : image.stores().entrySet()) {
            place(store.getValue().ref());
        }
    }

    private void addRows(Collection<Row> rows) {
        for (Row row : rows) {
            if (row.version().value() != 0) {
                message.addRows(encode(row));
            }
        }
    }

    private CompactRowMessage encode(Row row) {
        CompactRowMessage.Builder compact = CompactRowMessage.newBuilder()
                .setIndex(row.index())
                .setVersion(row.version().value());
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            compact.addStores(member == null ? 0 : 1 + place(member.ref()));
            compact.addHeld(member == null ? 0 : member.held().bits());
        }
        ClassSet frozen = ClassSet.EMPTY;
        for (io.tractfs.table.Waiting away : row.waiting()) {
            frozen = frozen.plus(away.classes());
            compact.addWaiting(1 + place(present(away.store())))
                    .addWaitingClasses(away.classes().bits());
        }
        return compact.setFrozen(frozen.bits()).build();
    }

    /** The start of a store that is known; of one that has not registered with this leader, none. */
    private StoreRef present(StoreId store) {
        @Nullable StoreInfo info = image.stores().get(store);
        return info == null ? new StoreRef(store, Incarnation.NONE) : info.ref();
    }

    private int place(StoreRef ref) {
        @Nullable Integer place = places.get(ref);
        if (place == null) {
            place = places.size();
            places.put(ref, place);
            message.addStores(StoreCodec.encode(info(ref)));
        }
        return place;
    }

    private StoreInfo info(StoreRef ref) {
        @Nullable StoreInfo info = image.stores().get(ref.store());
        return info != null && info.ref().equals(ref) ? info : new StoreInfo(ref, "", UNKNOWN_HOST, UNKNOWN_PORT, "");
    }
}
