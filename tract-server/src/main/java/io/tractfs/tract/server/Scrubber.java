package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractStorage;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything that one store holds, slowly and over again, so that damage is found while other holders are there to
 * heal it: first what the store keeps besides tracts, then whether every tract is there, then the tracts row by row. A round
 * begins an interval after the last one began, or when that one is done. It remembers its place in memory alone: a restart
 * begins anew. Confined to the upkeep thread.
 */
public final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    /** A record without bytes costs something too. */
    private static final int LEAST_COST_BYTES = 4096;
    /** Rows that are looked at in one step though they are empty. */
    private static final int MOST_ROWS = 1024;
    /** Tracts whose files are looked for in one step. */
    private static final int MOST_NAMES = 4096;

    private final StoreRef store;
    private final TractStorage tracts;
    private final IntConsumer damagedRow;
    private final long intervalMs;
    private Phase phase = Phase.RESTING;
    private int row;
    private @Nullable TractId last;
    private long verified;
    private long roundBeganMs = Long.MIN_VALUE;

    private enum Phase {
        /** Until the next round. */
        RESTING,
        /** Looks for tracts that are not there. */
        NAMES,
        /** Reads tracts. */
        TRACTS
    }

    /**
     * A scrubber at the beginning.
     *
     * @param damagedRow told of a row with damage
     * @param intervalMs least time from the begin of one round to the begin of the next
     */
    public Scrubber(StoreRef store, TractStorage tracts, IntConsumer damagedRow, long intervalMs) {
        this.store = store;
        this.tracts = tracts;
        this.damagedRow = damagedRow;
        this.intervalMs = intervalMs;
    }

    /** Goes on until so many bytes were read; the last tract may exceed it. */
    public void step(int rows, long bytes, long nowMs) throws TractException {
        if (phase == Phase.RESTING) {
            begin(nowMs);
        }
        if (phase == Phase.NAMES) {
            lookForLost();
        }
        if (phase == Phase.TRACTS) {
            read(rows, bytes);
        }
    }

    private void begin(long nowMs) throws TractException {
        if (roundBeganMs == Long.MIN_VALUE || nowMs - roundBeganMs >= intervalMs) {
            roundBeganMs = nowMs;
            tracts.verifyMetadata();
            phase = Phase.NAMES;
        }
    }

    private void lookForLost() throws TractException {
        Optional<TractId> next = tracts.lookForLost(last, MOST_NAMES);
        last = next.orElse(null);
        if (next.isEmpty()) {
            phase = Phase.TRACTS;
            row = 0;
            verified = 0;
        }
    }

    private void read(int rows, long bytes) throws TractException {
        long left = bytes;
        for (int looked = 0; left > 0 && looked < MOST_ROWS && phase == Phase.TRACTS; ) {
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
        if (!verified(state).damaged().isEmpty()) {
            damagedRow.accept(row);
        }
        verified++;
        return Math.max(LEAST_COST_BYTES, state.length());
    }

    /** A tract that was removed meanwhile, or cannot be used at all, is what it was listed as. */
    private TractState verified(TractState state) throws TractException {
        try {
            return tracts.verify(state.tract());
        } catch (TractException e) {
            return switch (e.code()) {
                case TRACT_NOT_FOUND, DAMAGED -> state;
                default -> throw e;
            };
        }
    }

    private void nextRow(int rows) {
        last = null;
        row++;
        if (row >= rows) {
            if (verified > 0) {
                LOG.info("event=scrub-round-done store={} tracts={}", store, verified);
            }
            phase = Phase.RESTING;
        }
    }
}
