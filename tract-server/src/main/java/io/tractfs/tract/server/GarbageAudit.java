package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractStorage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks about every blob of one store, slowly and over again (P32). The garbage log says of a blob once that it is gone; what
 * comes to the store after that stays unless somebody asks: bytes from a writer that had not heard of the delete, or from a
 * source that had yet to remove the blob when the log was trimmed. A round asks about one page of blobs at a step, and removes
 * what is still unknown at its end, unless that is so much that an operator has to confirm; it makes no haste, since nothing but
 * space depends on it. It remembers its place in memory alone: a restart begins anew. Confined to the garbage thread.
 */
public final class GarbageAudit {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageAudit.class);
    private static final int PAGE = 1000;

    private final StoreRef store;
    private final TractStorage tracts;
    private final GarbageFollower garbage;
    private final long intervalMs;
    private final List<BlobId> unknown = new ArrayList<>();
    private @Nullable BlobId last;
    private long asked;
    private long nextRoundMs;

    /**
     * An audit at the beginning.
     *
     * @param garbage removes what is unknown
     * @param firstMs when the first round begins, on the monotonic clock
     * @param intervalMs time from the end of one round to the begin of the next
     */
    public GarbageAudit(StoreRef store, TractStorage tracts, GarbageFollower garbage, long firstMs, long intervalMs) {
        this.store = store;
        this.tracts = tracts;
        this.garbage = garbage;
        this.nextRoundMs = firstMs;
        this.intervalMs = intervalMs;
    }

    /** Asks about one page, if a round is under way or due and the store is up to date with the garbage log. */
    public void step(GarbageLog log, long nowMs) throws TractException, InterruptedException {
        if (nowMs < nextRoundMs || !garbage.isUpToDate()) {
            return;
        }
        List<BlobId> page = tracts.blobs(last, PAGE);
        if (!page.isEmpty()) {
            unknown.addAll(log.unknown(page));
            asked += page.size();
            last = page.get(page.size() - 1);
            return;
        }
        if (!garbage.mayRemove(unknown.size(), asked)) {
            end(0, nowMs);
            return;
        }
        // Asked once more: a round may take long, and a namespace that was restored since may know what was unknown
        // before.
        List<BlobId> gone = new ArrayList<>();
        for (int from = 0; from < unknown.size(); from += PAGE) {
            gone.addAll(log.unknown(unknown.subList(from, Math.min(from + PAGE, unknown.size()))));
        }
        garbage.remove(gone);
        end(gone.size(), nowMs);
    }

    private void end(int removed, long nowMs) {
        LOG.info(
                "event=garbage-audited store={} blobs={} unknown={} removed={}", store, asked, unknown.size(), removed);
        unknown.clear();
        last = null;
        asked = 0;
        nextRoundMs = nowMs + intervalMs;
    }
}
