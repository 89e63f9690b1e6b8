package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.server.GarbageLog.Page;
import io.tractfs.tract.server.GarbageLog.Removed;
import io.tractfs.tract.store.RowLedger;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractStorage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the namespace's garbage log for one store (P32): removes blobs into trash, then moves the cursor. A store
 * whose cursor is before the log's start asks about every blob it has, before it gives any to another store; what is more
 * than a tenth of them stops for confirmation; what the log names goes meanwhile. While the store is recovering, deletes leave tombstones; once it is in sync again, the log is followed
 * from its start once more, since a source may have been behind. Confined to the garbage thread, but for {@link
 * #reported}, {@link #begin} and {@link #mustAsk}.
 */
public final class GarbageFollower {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageFollower.class);
    private static final int PAGE = 1000;
    /** Calls that a replay rests at most, so that a store that recovers often does not hold up the log's trimming. */
    private static final int MOST_REST = 60;
    /** So many pages of the log in one call: the thread has other work, and other stores. */
    static final int MOST_PAGES = 50;
    /** Fewer unknown blobs than this are deleted without asking an operator. */
    static final int FEW = 100;

    private static final int MOST_SHARE = 10;

    private final StoreRef store;
    private final TractStorage tracts;
    private final RowLedger ledger;
    private final BooleanSupplier recovering;
    private final LongSupplier sessions;
    private final IntPredicate comparer;
    private final Set<Integer> toCompare = new TreeSet<>();
    private final Tombstones tombstones;
    private final boolean confirmed;
    private final BlobInquiry inquiry;
    private long cursor;
    /** Where the cursor was when it was put back to the log's start; it follows once more until it is there again. */
    private long replayThrough;
    /** Calls to let pass before the log is followed from its start again: as many as full pages were read for it. */
    private int rest;

    /** A start does not know whether the one before it was recovering when it ended. */
    private boolean wasRecovering = true;

    /** Whether the log was followed from its start since this start, or since the store was recovering. */
    private volatile boolean passed;

    private volatile long sessionsSeen;
    private volatile boolean stopped;
    /** Whether the trash was looked through since the log was last seen to start behind the cursor. */
    private volatile boolean tookBack;

    private volatile long reported;
    /** Where the log started when it was seen to start behind the cursor; 0 if all that was removed is known. */
    private volatile long askBefore;

    /**
     * A follower that goes on where the ledger says.
     *
     * @param recovering whether anything is or will be fetched from other stores, which may have yet to delete it
     * @param sessions how many sessions have begun to fetch
     * @param comparer begins to compare a row with other holders; false if it cannot yet
     */
    public GarbageFollower(
            StoreRef store,
            TractStorage tracts,
            RowLedger ledger,
            BooleanSupplier recovering,
            LongSupplier sessions,
            IntPredicate comparer,
            Tombstones tombstones,
            boolean confirmed)
            throws TractException {
        this.store = store;
        this.tracts = tracts;
        this.ledger = ledger;
        this.recovering = recovering;
        this.sessions = sessions;
        this.comparer = comparer;
        this.tombstones = tombstones;
        this.confirmed = confirmed;
        this.inquiry = new BlobInquiry(tracts);
        this.cursor = ledger.garbageCursor();
        this.reported = cursor;
    }

    /**
     * The cursor as the leader is told it: 0 holds the log back while the store may copy what others have yet to delete, and until
     * it has followed the log once more after that, also over a restart.
     */
    public long reported() {
        boolean copies = recovering.getAsBoolean() || sessions.getAsLong() != sessionsSeen;
        return copies || !passed ? 0 : reported;
    }

    /** Hears where the log starts, before the store has any part in the cluster. */
    public void begin(long start) throws TractException {
        if (reported + 1 >= start) {
            return;
        }
        if (tracts.blobs(null, 1).isEmpty() && tracts.trashedBlobs().isEmpty()) {
            settle(start - 1);
        } else {
            askBefore = start;
            tookBack = false;
            stopped = false;
            LOG.info("event=garbage-log-missed store={} cursor={} start={}", store, reported, start);
        }
    }

    /** Whether blobs may be here that were removed while the store was away: it gives none to other stores until it has asked. */
    public boolean mustAsk() {
        return askBefore > 0;
    }

    /** Whether what is in the trash may go: not before a restored namespace was asked for what it still refers to (P30). */
    boolean mayPurge() {
        return !mustAsk() || tookBack;
    }

    /**
     * Takes back at once what the namespace refers to, asks about every blob, and removes those that are gone.
     *
     * @param mayRemove whether deleting has begun: until then nothing is asked, and nothing given to other stores
     */
    public void ask(GarbageLog log, boolean mayRemove) throws TractException, InterruptedException {
        long start = askBefore;
        if (!tookBack) {
            takeBack(log);
            tookBack = true;
        }
        if (!mayRemove) {
            return;
        }
        if (stopped) {
            return;
        }
        // While deletes are held nothing counts as unknown; once they are not, the log starts anew.
        boolean held = log.page(cursor).held();
        if (held || askAll(log, start)) {
            cursor = Math.max(cursor, start - 1);
            if (held) {
                compareAll();
            }
            settle(start - 1);
            if (askBefore == start) {
                askBefore = 0;
            }
        } else {
            stopped = true;
        }
    }

    /** A namespace that was restored from a copy may refer to what was removed after the copy was made (P30). */
    private void takeBack(GarbageLog log) throws TractException, InterruptedException {
        List<BlobId> trashed = tracts.trashedBlobs();
        Set<BlobId> wanted = new HashSet<>();
        for (int from = 0; from < trashed.size(); from += PAGE) {
            wanted.addAll(log.wanted(trashed.subList(from, Math.min(from + PAGE, trashed.size()))));
        }
        if (!wanted.isEmpty()) {
            Map<Integer, HeldRow> held = ledger.load();
            int back = tracts.takeBack(
                    wanted, row -> held.containsKey(row) && held.get(row).row().columnOf(store.store()) >= 0);
            LOG.info("event=trash-taken-back store={} tracts={}", store, back);
        }
    }

    /**
     * What came back from trash here or elsewhere is compared with other members: one may have lacked it (P30). Once all stores
     * have been heard, and again when the restore is confirmed, which moves the log's start.
     */
    private void compareAll() throws TractException {
        ledger.load().values().stream()
                .filter(row -> row.row().columnOf(store.store()) >= 0)
                .forEach(row -> toCompare.add(row.row().index()));
        LOG.info("event=rows-to-compare store={} rows={}", store, toCompare.size());
    }

    /** Begins what comparisons can begin by now; to be called now and then. */
    void compare() {
        toCompare.removeIf(comparer::test);
    }

    private void settle(long through) throws TractException {
        if (through > reported) {
            ledger.persistGarbageCursor(through);
            reported = through;
        }
    }

    /** Applies what the log has beyond the cursor. */
    public void follow(GarbageLog log, long head) throws TractException, InterruptedException {
        long begun = sessions.getAsLong();
        wasRecovering |= begun != sessionsSeen;
        sessionsSeen = begun;
        if (recovering.getAsBoolean()) {
            wasRecovering = true;
        } else if (wasRecovering && cursor >= replayThrough && rest == 0) {
            wasRecovering = false;
            replayThrough = cursor;
            cursor = 0;
        }
        rest = Math.max(0, rest - 1);
        passed &= !wasRecovering;
        boolean more = true;
        for (int pages = 0; more && pages < MOST_PAGES && cursor < head; pages++) {
            Page page = log.page(cursor);
            if (cursor < replayThrough && page.entries().size() >= PAGE) {
                rest = Math.min(MOST_REST, rest + 1);
            }
            if (page.start() > cursor + 1) {
                pass(page.start(), log);
            }
            more = apply(page);
        }
        passed |= !wasRecovering && !stopped && cursor >= head;
    }

    /** Whether the log was followed since the store was recovering, and nothing is to be asked about all that it removed. */
    boolean isUpToDate() {
        return reported() > 0 && !stopped && !mustAsk();
    }

    /** Goes on at the log's start; once stopped, without asking about what is missing in between, and without settling. */
    private void pass(long start, GarbageLog log) throws TractException, InterruptedException {
        if (!stopped) {
            skipTo(start, log);
        }
        if (stopped) {
            cursor = Math.max(cursor, start - 1);
        }
    }

    /** The log begins only behind the cursor: what was removed in between was removed here too, or is found out by asking. */
    private void skipTo(long start, GarbageLog log) throws TractException, InterruptedException {
        boolean known = start - 1 <= reported;
        if (known || askAll(log, start)) {
            if (!known) {
                compareAll();
            }
            cursor = start - 1;
            settle(cursor);
        } else {
            stopped = true;
        }
    }

    /** Whether there was anything. */
    private boolean apply(Page page) throws TractException {
        if (page.entries().isEmpty()) {
            return false;
        }
        remove(page.entries().stream().map(Removed::blob).toList());
        cursor = page.entries().get(page.entries().size() - 1).sequence();
        if (cursor > reported && !stopped) {
            settle(cursor);
            LOG.info(
                    "event=garbage-removed store={} blobs={} cursor={}",
                    store,
                    page.entries().size(),
                    cursor);
        }
        return true;
    }

    /** Whether so many blobs of so many may go without an operator's confirmation; says so if not. */
    boolean mayRemove(int unknown, long asked) {
        if (confirmed || unknown <= FEW || unknown <= asked / MOST_SHARE) {
            return true;
        }
        LOG.error(
                "event=mass-delete-stopped store={} unknown={} of={} remedy=\"set {}\"",
                store,
                unknown,
                asked,
                TractServerConfig.GARBAGE_CONFIRMED.name());
        return false;
    }

    /** Removes blobs that the namespace does not know. */
    void remove(Collection<BlobId> blobs) throws TractException {
        boolean marked = recovering.getAsBoolean();
        if (marked) {
            tombstones.add(blobs);
        }
        tracts.removeAll(blobs);
        if (!marked && recovering.getAsBoolean()) {
            // A session began in between, and may have listed what is deleted.
            tombstones.add(blobs);
            tracts.removeAll(blobs);
        }
    }

    /** Asks about every blob; false if so many are unknown that an operator has to confirm. */
    private boolean askAll(GarbageLog log, long start) throws TractException, InterruptedException {
        List<BlobId> unknown = inquiry.unknown(log, start);
        long asked = inquiry.asked();
        if (!mayRemove(unknown.size(), asked)) {
            return false;
        }
        if (!unknown.isEmpty()) {
            remove(unknown);
        }
        LOG.info("event=garbage-asked store={} blobs={} unknown={}", store, asked, unknown.size());
        return true;
    }
}
