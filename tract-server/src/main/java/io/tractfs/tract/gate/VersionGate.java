package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.HeldRow;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may touch a row. Pure functions: what a caller sees depends on the arguments alone.
 *
 * <p>Only writes, fences, tail reads and lists are held to the version; a read within a closed length is served under
 * any version, since its bytes cannot have changed (P14). A member is one start of a store: the row that names an
 * earlier incarnation names somebody else (P6).
 */
public final class VersionGate {
    private VersionGate() {}

    /**
     * Decides.
     *
     * @param need what is wanted
     * @param requested row version under which the caller acts
     * @param replication replication of the tract, or 0 where the request does not know it
     * @param held the row as the store holds it; null if it never heard of it
     * @param self the store and its incarnation
     */
    public static Verdict decide(
            Need need, RowVersion requested, int replication, @Nullable HeldRow held, StoreRef self) {
        if (need == Need.CLOSED_READ) {
            return Verdict.ADMIT;
        }
        RowVersion present = held == null ? RowVersion.NONE : held.row().version();
        if (requested.isBefore(present)) {
            return Verdict.STALE;
        }
        if (requested.isAfter(present)) {
            return Verdict.BEHIND;
        }
        if (held == null || !isMember(held, replication, self)) {
            return Verdict.NOT_A_MEMBER;
        }
        if (need == Need.WRITE
                && replication > 0
                && held.row().isFrozen(held.row().classOf(replication))) {
            return Verdict.FROZEN;
        }
        return Verdict.ADMIT;
    }

    /** Decides whether a row's list may be given for some classes (P11). */
    public static Verdict decideList(RowVersion requested, ClassSet classes, @Nullable HeldRow held, StoreRef self) {
        Verdict verdict = decide(Need.LIST, requested, 0, held, self);
        if (verdict == Verdict.ADMIT && held != null && !held.held().containsAll(classes)) {
            return Verdict.RECOVERING;
        }
        return verdict;
    }

    /** Whether a store is a member of a row, and, where the replication is known, keeps its class (P1). */
    private static boolean isMember(HeldRow held, int replication, StoreRef self) {
        Row row = held.row();
        boolean beyond = replication > 0 && held.held().contains(row.classOf(replication));
        return isMember(row, beyond ? 0 : replication, self);
    }

    /** Whether a store is a member of a row, and, where the replication is known, of the columns of its class. */
    static boolean isMember(Row row, int replication, StoreRef self) {
        int column = row.columnOf(self.store());
        if (column < 0) {
            return false;
        }
        @Nullable Member member = row.columns().at(column);
        return member != null && member.ref().equals(self) && (replication == 0 || column < row.classOf(replication));
    }
}
