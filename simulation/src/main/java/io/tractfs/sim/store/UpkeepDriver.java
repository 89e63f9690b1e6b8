package io.tractfs.sim.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.tract.server.DamageWatch;
import io.tractfs.tract.server.Scrubber;

/** Looks for damage as the tract server's upkeep does, and has it healed (P25, P28). Not thread-safe. */
final class UpkeepDriver {
    private static final long PAUSE_NANOS = 200_000_000;
    private static final long SCRUB_INTERVAL_MS = 1_000;
    private static final long BYTES = 16_384;

    private final StoreParts parts;
    private final int rows;
    private final ReconcileDriver reconciler;
    private final Scrubber scrubber;
    private final DamageWatch watch;

    UpkeepDriver(StoreParts parts, int rows, ReconcileDriver reconciler) {
        this.parts = parts;
        this.rows = rows;
        this.reconciler = reconciler;
        this.scrubber = new Scrubber(parts.disk().ref(), parts.disk().tracts(), reconciler::heal, SCRUB_INTERVAL_MS);
        this.watch = new DamageWatch(parts.disk().ref(), parts.disk().tracts(), reconciler::heal);
    }

    void start() {
        parts.process().after(PAUSE_NANOS, () -> {
            turn();
            start();
        });
    }

    private void turn() {
        if (parts.disk().tracts().failure().isPresent()) {
            return;
        }
        try {
            watch.step(rows, parts.process().clock().monotonicMs());
            scrubber.step(rows, BYTES, parts.process().clock().monotonicMs());
        } catch (TractException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody got bytes that do not verify: the store looks for itself (P28). */
    boolean complain(TractId tract, int row) throws TractException {
        boolean damaged;
        try {
            damaged = !parts.disk().tracts().verify(tract).damaged().isEmpty();
        } catch (TractException e) {
            if (e.code() != ErrorCode.DAMAGED) {
                throw e;
            }
            damaged = true;
        }
        if (damaged) {
            reconciler.heal(row);
        }
        return damaged;
    }
}
