package io.tractfs.cli.fsck;

import io.tractfs.id.StoreId;
import java.util.List;

/**
 * One thing that is wrong with a tract. Immutable.
 *
 * @param kind what
 * @param stores whose copy is meant, or who is waited for; may be empty
 * @param detail in words
 * @param repairable whether the stores answer for themselves, and reconcile can bring what they lack
 */
record Problem(ProblemKind kind, List<StoreId> stores, String detail, boolean repairable) {
    /** Copies the list. */
    Problem {
        stores = List.copyOf(stores);
    }

    /** A problem that no order to a store mends. */
    static Problem of(ProblemKind kind, List<StoreId> stores, String detail) {
        return new Problem(kind, stores, detail, false);
    }

    /** A problem of one store's copy. */
    static Problem ofCopy(ProblemKind kind, StoreId store, String detail) {
        return new Problem(kind, List.of(store), detail, true);
    }
}
