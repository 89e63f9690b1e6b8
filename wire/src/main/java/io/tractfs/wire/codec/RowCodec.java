package io.tractfs.wire.codec;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import io.tractfs.wire.proto.ColumnMessage;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.proto.WaitingMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row with its whole membership. Stateless, thread-safe. */
public final class RowCodec {
    private RowCodec() {}

    /** The whole row. */
    public static RowMessage encode(Row row) {
        RowMessage.Builder message = RowMessage.newBuilder()
                .setIndex(row.index())
                .setVersion(row.version().value());
        for (int column = 0; column < row.columns().count(); column++) {
            message.addColumns(encode(row.columns().at(column)));
        }
        for (Waiting waiting : row.waiting()) {
            message.addWaiting(WaitingMessage.newBuilder()
                    .setStore(IdCodec.encode(waiting.store()))
                    .setVersion(waiting.version().value())
                    .setClasses(waiting.classes().bits()));
        }
        return message.build();
    }

    /** Reads the whole row. */
    public static Row decode(RowMessage message) throws TractException {
        int count = message.getColumnsCount();
        if (message.getIndex() < 0 || count < 1 || count > ClassSet.MAX_COLUMNS) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "row has an index of at least 0 and 1 to " + ClassSet.MAX_COLUMNS + " columns, not index "
                            + message.getIndex() + " and " + count + " columns");
        }
        @Nullable Member[] members = new @Nullable Member[count];
        for (int column = 0; column < count; column++) {
            members[column] = decode(message.getColumns(column));
        }
        List<Waiting> waiting = new ArrayList<>(message.getWaitingCount());
        for (WaitingMessage away : message.getWaitingList()) {
            waiting.add(new Waiting(
                    IdCodec.store(away.getStore()), new RowVersion(away.getVersion()), classes(away.getClasses())));
        }
        return new Row(message.getIndex(), new RowVersion(message.getVersion()), Columns.of(members), waiting);
    }

    /** Reads a set of classes. */
    public static ClassSet classes(int bits) throws TractException {
        if (bits < 0 || bits >= 1 << ClassSet.MAX_COLUMNS) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "class set has " + ClassSet.MAX_COLUMNS + " bits, not " + Integer.toHexString(bits));
        }
        return new ClassSet(bits);
    }

    private static ColumnMessage encode(@Nullable Member member) {
        if (member == null) {
            return ColumnMessage.getDefaultInstance();
        }
        return ColumnMessage.newBuilder()
                .setMember(StoreCodec.encode(member.ref()))
                .setHeld(member.held().bits())
                .build();
    }

    private static @Nullable Member decode(ColumnMessage message) throws TractException {
        return message.hasMember()
                ? new Member(StoreCodec.decode(message.getMember()), classes(message.getHeld()))
                : null;
    }
}
