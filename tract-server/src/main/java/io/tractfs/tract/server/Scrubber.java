package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractStorage;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything that one store holds, slowly, row by row and over again, so that damage is found while other holders
 * are there to heal it; a round begins an interval after the last one began, or when that one is done. It remembers its
 * place in memory alone: a restart begins anew. Confined to the upkeep thread.
 */
final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    /** A record without bytes costs something too. */
    private static final int LEAST_COST_BYTES = 4096;
    /** Rows that are looked at in one step though they are empty. */
    private static final int MOST_ROWS = 1024;

    private final StoreRef store;
    private final TractStorage tracts;
    private final IntConsumer damagedRow;
    private int row;
    private @Nullable TractId last;
    private long verified;
    private final long intervalMs;
    private long roundBeganMs = Long.MIN_VALUE;
    private boolean resting;

    /**
     * A scrubber at the beginning.
     *
     * @param damagedRow told of a row with damage
     * @param intervalMs least time from the begin of one round to the begin of the next
     */
    Scrubber(StoreRef store, TractStorage tracts, IntConsumer damagedRow, long intervalMs) {
        this.intervalMs = intervalMs;
        this.store = store;
        this.tracts = tracts;
        this.damagedRow = damagedRow;
    }

    /** Verifies tracts until so many bytes were read; the last one may exceed it. */
    void step(int rows, long bytes, long nowMs) throws TractException {
        if (resting && nowMs - roundBeganMs < intervalMs) {
            return;
        }
        if (resting || roundBeganMs == Long.MIN_VALUE) {
            resting = false;
            roundBeganMs = nowMs;
        }
        long left = bytes;
        for (int looked = 0; left > 0 && looked < MOST_ROWS && !resting; ) {
            List<TractState> next = tracts.list(row, last, 1);
            if (next.isEmpty()) {
                looked++;
                nextRow(rows);
            } else {
                left -= verify(next.get(0));
            }
        }
    }

    private long verify(TractState state) throws TractException {
        last = state.tract();
        if (!tracts.verify(state.tract()).damaged().isEmpty()) {
            LOG.error("event=damage-found store={} row={} tract={}", store, row, state.tract());
            damagedRow.accept(row);
        }
        verified++;
        return Math.max(LEAST_COST_BYTES, state.length());
    }

    private void nextRow(int rows) {
        last = null;
        row++;
        if (row >= rows) {
            if (verified > 0) {
                LOG.info("event=scrub-round-done store={} tracts={}", store, verified);
            }
            row = 0;
            verified = 0;
            resting = true;
        }
    }
}
