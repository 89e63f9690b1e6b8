package io.tractfs.tract.gate;

import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.List;
import java.util.Optional;

/**
 * What follows from one message of the leader. Persist before send: the driver puts {@code point} and {@code rows} on
 * disk, then puts the rows into the gates and waits until older writes are done (P9), and only then lets the answer
 * out. Immutable.
 *
 * @param point the leader's point to persist; empty if it is unchanged
 * @param rows rows to persist
 * @param answer what is said then
 * @param <A> type of the answer
 */
public record Step<A>(Optional<LeaderPoint> point, List<HeldRow> rows, A answer) {
    /** Copies the list. */
    public Step {
        rows = List.copyOf(rows);
    }

    /** A step that changes nothing. */
    static <A> Step<A> of(A answer) {
        return new Step<>(Optional.empty(), List.of(), answer);
    }
}
