package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.tract.store.TractStorage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the namespace about every blob that a store has (P32), page by page. A call that fails is gone on with by the next
 * one, as long as the garbage log has the same start: what is removed after it was asked about is in the log from there on.
 * Confined to the garbage thread.
 */
final class BlobInquiry {
    private static final int PAGE = 1000;

    private final TractStorage tracts;
    private final List<BlobId> unknown = new ArrayList<>();
    private @Nullable BlobId last;
    private long asked;
    private long start = -1;

    /** One that has asked nothing. */
    BlobInquiry(TractStorage tracts) {
        this.tracts = tracts;
    }

    /**
     * The blobs that the namespace does not know, once all have been asked about.
     *
     * @param logStart where the garbage log starts; another one than in the call that failed begins anew
     * @throws TractException what a question came to; what was answered before is kept
     */
    List<BlobId> unknown(GarbageLog log, long logStart) throws TractException, InterruptedException {
        if (start != logStart) {
            unknown.clear();
            last = null;
            asked = 0;
            start = logStart;
        }
        for (List<BlobId> page = tracts.blobs(last, PAGE); !page.isEmpty(); page = tracts.blobs(last, PAGE)) {
            unknown.addAll(log.unknown(page));
            asked += page.size();
            last = page.get(page.size() - 1);
        }
        start = -1;
        return List.copyOf(unknown);
    }

    /** How many blobs were asked about in the last inquiry. */
    long asked() {
        return asked;
    }
}
