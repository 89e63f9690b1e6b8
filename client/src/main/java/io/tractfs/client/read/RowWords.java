package io.tractfs.client.read;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says for people who holds a row, and who is waited for. Pure functions. */
final class RowWords {
    private static final int ID_LENGTH = 8;

    private RowWords() {}

    /** Such as {@code row 17 has no holder, it waits for tract-2/1f8a3c07 or tract-3/90aa1b22}. */
    static String of(TableImage table, Row row, int replication) {
        if (row.version().equals(RowVersion.NONE)) {
            return "row " + row.index() + " is not up: no store that held it has come back";
        }
        int replicationClass = row.classOf(replication);
        if (row.isFrozen(replicationClass)) {
            List<String> awaited = new ArrayList<>();
            for (Waiting away : row.waiting()) {
                if (away.classes().contains(replicationClass)) {
                    awaited.add(name(table, away.store()));
                }
            }
            return "row " + row.index() + " has no holder, it waits for " + String.join(" or ", awaited);
        }
        List<String> members = new ArrayList<>();
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && row.keeps(column, replicationClass)) {
                members.add(
                        name(table, member.ref().store()) + (member.holds(replicationClass) ? "" : " (recovering)"));
            }
        }
        return "row " + row.index() + " with "
                + (members.isEmpty() ? "no member" : "members " + String.join(", ", members));
    }

    /** Server and the beginning of the store's id. */
    private static String name(TableImage table, StoreId store) {
        String id = store.toString().substring(0, ID_LENGTH);
        Optional<StoreInfo> info = table.store(store);
        return info.map(StoreInfo::server).orElse("?") + "/" + id;
    }
}
