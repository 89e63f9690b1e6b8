package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.Incarnation;
import io.tractfs.time.Clock;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.gate.StoreRows;
import io.tractfs.tract.reconcile.ReconcileQueue;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.wire.rpc.RpcClient;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Puts one store together: what it remembers, its gates, loops and threads. Thread-safe. */
final class ServedStores {
    private static final long AUDIT_INTERVAL_MS = TimeUnit.DAYS.toMillis(7);

    private final TractServerConfig config;
    private final RpcClient client;
    private final Peers peers;
    private final HeldReports reports;
    private final TractServerMetrics metrics;
    private final Clock clock;

    ServedStores(
            TractServerConfig config,
            RpcClient client,
            Peers peers,
            HeldReports reports,
            TractServerMetrics metrics,
            Clock clock) {
        this.config = config;
        this.client = client;
        this.peers = peers;
        this.reports = reports;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * A store that can be served.
     *
     * @throws TractException if its ledger cannot be read; then nothing of it was started
     * @param number of the store among the server's, for the names of its threads
     */
    ServedStore serve(OpenStore open, int number) throws TractException {
        Map<Integer, HeldRow> held = open.ledger().load();
        StoreRows rows =
                new StoreRows(open.ref(), open.uncleanThrough(), open.ledger().leaderPoint(), held);
        if (!open.uncleanThrough().equals(Incarnation.NONE) && !rows.isUnclean()) {
            // It holds nothing that is left to judge.
            open.judged();
        }
        // From here on nothing fails: these threads are ended with the server.
        StoreThreads threads = new StoreThreads(
                config.name() + "-store" + number, config.writeThreads(), config.readThreads(), config.queueLength());
        Admissions admissions = new Admissions(open.ref(), held.values());
        StoreControl control = new StoreControl(rows, open.ledger(), open::judged, admissions, threads.control());
        Tombstones tombstones = new Tombstones(open.ledger());
        ReconcileWork work = new ReconcileWork(
                open.tracts(),
                admissions,
                tombstones,
                new SourceProxy(client, peers),
                threads.reconcileDisk(),
                metrics);
        StoreReconciler reconciler = new StoreReconciler(
                open.ref(),
                admissions,
                new ReconcileQueue(open.ref(), config.reconcileSessions()),
                config.reconcileLimits(),
                work,
                control,
                row -> reports.add(open.ref(), row),
                threads.reconcileLoop(),
                clock);
        GarbageFollower garbage = new GarbageFollower(
                open.ref(),
                open.tracts(),
                open.ledger(),
                () -> control.isRecovering() || reconciler.isFetching(),
                reconciler::begunSessions,
                reconciler::compare,
                tombstones,
                config.garbageConfirmed());
        metrics.watch(open.ref().store(), open.tracts(), reconciler::waitingRows);
        RowEmptier emptier = new RowEmptier(open.ref(), open.tracts(), admissions, threads.control());
        // Anywhere in the interval, so that not all stores ask at once; a store that starts often asks as often in the
        // mean.
        long firstAuditMs = clock.monotonicMs() + ThreadLocalRandom.current().nextLong(AUDIT_INTERVAL_MS);
        GarbageAudit audit = new GarbageAudit(open.ref(), open.tracts(), garbage, firstAuditMs, AUDIT_INTERVAL_MS);
        Scrubber scrubber = new Scrubber(open.ref(), open.tracts(), reconciler::heal, config.scrubIntervalMs());
        DamageWatch damage = new DamageWatch(open.ref(), open.tracts(), reconciler::heal);
        metrics.watchDamage(open.ref().store(), damage::damage);
        return new ServedStore(
                open, admissions, threads, control, reconciler, emptier, garbage, audit, scrubber, damage);
    }
}
