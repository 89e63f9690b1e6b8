package io.tractfs.tract.gate;

import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.List;

/**
 * What a publication asks of the store. Immutable.
 *
 * @param reconcile rows in which the store is recovering and may compare now (P11)
 * @param merge rows whose copies are used though the power of all holders was lost: they are compared with every other
 *     holder before a writer recovery may measure them (P7)
 * @param report rows in which the leader has yet to hear of the store's state
 * @param emptied rows whose tracts go to trash, once the rows are persisted and older writes are done (P15)
 */
public record Published(List<HeldRow> reconcile, List<HeldRow> merge, List<HeldRow> report, List<HeldRow> emptied) {
    /** Copies the lists. */
    public Published {
        reconcile = List.copyOf(reconcile);
        merge = List.copyOf(merge);
        report = List.copyOf(report);
        emptied = List.copyOf(emptied);
    }
}
