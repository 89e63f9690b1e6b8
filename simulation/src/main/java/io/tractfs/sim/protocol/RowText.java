package io.tractfs.sim.protocol;

import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in few characters, for traces: {@code 6@4.9[1#2:111 - 3#1:100] waits 2@4.1:10}. Pure functions. */
public final class RowText {
    /** Incarnations are times in ms; their last digits tell starts apart. */
    private static final int SHOWN = 1_000_000;

    private RowText() {}

    /** Several rows. */
    public static String of(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> append(text, row));
        return text.toString();
    }

    private static void append(StringBuilder text, Row row) {
        text.append(' ').append(row.index()).append('@').append(row.version()).append('[');
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            text.append(column == 0 ? "" : " ").append(member == null ? "-" : text(member));
        }
        text.append(']');
        for (Waiting away : row.waiting()) {
            text.append(" waits ")
                    .append(away.store().value().getLeastSignificantBits())
                    .append('@')
                    .append(away.version())
                    .append(':')
                    .append(Integer.toBinaryString(away.classes().bits()));
        }
    }

    private static String text(Member member) {
        return member.ref().store().value().getLeastSignificantBits() + "#"
                + member.ref().incarnation().value() % SHOWN + ":"
                + Integer.toBinaryString(member.held().bits());
    }
}
