package io.tractfs.tract.server;

import io.tractfs.table.StoreRef;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.store.RowLedger;
import io.tractfs.tract.store.TractStorage;

/**
 * One store as the handlers see it. Thread-safe.
 *
 * @param open its directory
 * @param admissions the gates of its rows
 * @param threads its threads
 * @param control the loop that takes the leader's orders
 * @param reconciler the loop that brings its rows up to date
 * @param emptier the orders to empty rows
 * @param garbage its place in the garbage log
 * @param audit its place in the asking about every blob
 * @param scrubber its place in the slow reading of everything
 * @param damage what of it is damaged
 */
record ServedStore(
        OpenStore open,
        Admissions admissions,
        StoreThreads threads,
        StoreControl control,
        StoreReconciler reconciler,
        RowEmptier emptier,
        GarbageFollower garbage,
        GarbageAudit audit,
        Scrubber scrubber,
        DamageWatch damage) {
    StoreRef ref() {
        return open.ref();
    }

    TractStorage tracts() {
        return open.tracts();
    }

    RowLedger ledger() {
        return open.ledger();
    }
}
