package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.tract.store.RowLedger;
import io.tractfs.tract.store.TractStorage;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.AskBlobsRequest;
import io.tractfs.wire.proto.AskBlobsResponse;
import io.tractfs.wire.proto.GarbageEntry;
import io.tractfs.wire.proto.GetGarbageRequest;
import io.tractfs.wire.proto.GetGarbageResponse;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the namespace's garbage log for one store (P32): removes blobs into trash, then moves the cursor. A store
 * whose cursor is before the log's start asks about every blob it has; what is more than a tenth of them stops for
 * confirmation. While the store is recovering, deletes leave tombstones; once it is in sync again, the log is followed
 * from its start once more, since a source may have been behind. Confined to the garbage thread, but for {@link
 * #reported}.
 */
final class GarbageFollower {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageFollower.class);
    private static final int PAGE = 1000;
    private static final long TIMEOUT_MS = 10_000;
    /** Fewer unknown blobs than this are deleted without asking an operator. */
    private static final int FEW = 100;

    private static final int MOST_SHARE = 10;

    private final OpenStore store;
    private final StoreControl control;
    private final Tombstones tombstones;
    private final MetadataProxy proxy;
    private final boolean confirmed;
    private long cursor;
    private boolean wasRecovering;
    private boolean rewinding;
    private boolean stopped;
    private volatile long reported;

    GarbageFollower(
            OpenStore store, StoreControl control, Tombstones tombstones, MetadataProxy proxy, boolean confirmed)
            throws TractException {
        this.store = store;
        this.control = control;
        this.tombstones = tombstones;
        this.proxy = proxy;
        this.confirmed = confirmed;
        this.cursor = store.ledger().garbageCursor();
        this.reported = cursor;
    }

    /** The cursor as the leader is told it: 0 holds the log back while the store may copy what others have yet to delete. */
    long reported() {
        return control.isRecovering() ? 0 : reported;
    }

    /** Applies what the log has beyond the cursor. */
    void follow(HostPort leader, long head) throws TractException, InterruptedException {
        if (control.isRecovering()) {
            wasRecovering = true;
        } else if (wasRecovering) {
            wasRecovering = false;
            rewinding = true;
            cursor = 0;
        }
        while (!stopped && cursor < head) {
            GetGarbageResponse page = page(leader);
            if (page.getLogStart() > cursor + 1) {
                boolean complete = rewinding || askAll(leader);
                if (!complete) {
                    stopped = true;
                    return;
                }
                cursor = page.getLogStart() - 1;
            }
            if (!apply(page)) {
                break;
            }
        }
        rewinding = false;
    }

    private GetGarbageResponse page(HostPort leader) throws TractException, InterruptedException {
        GetGarbageRequest request = GetGarbageRequest.newBuilder()
                .setRef(StoreCodec.encode(store.ref()))
                .setAfter(cursor)
                .setLimit(PAGE)
                .build();
        return proxy.call(leader, Methods.GET_GARBAGE, request, TIMEOUT_MS);
    }

    /** Whether there was anything. */
    private boolean apply(GetGarbageResponse page) throws TractException {
        List<BlobId> blobs = new ArrayList<>(page.getEntriesCount());
        long last = cursor;
        for (GarbageEntry entry : page.getEntriesList()) {
            blobs.add(new BlobId(entry.getBlob()));
            last = Math.max(last, entry.getSequence());
        }
        if (!blobs.isEmpty()) {
            remove(blobs);
        }
        boolean moved = last > cursor;
        cursor = last;
        if (cursor > reported) {
            RowLedger ledger = store.ledger();
            ledger.persistGarbageCursor(cursor);
            reported = cursor;
            LOG.info("event=garbage-removed store={} blobs={} cursor={}", store.ref(), blobs.size(), cursor);
        }
        return moved;
    }

    private void remove(List<BlobId> blobs) throws TractException {
        if (control.isRecovering()) {
            tombstones.add(blobs);
        }
        store.tracts().removeAll(blobs);
    }

    /** Asks about every blob; false if so many are unknown that an operator has to confirm. */
    private boolean askAll(HostPort leader) throws TractException, InterruptedException {
        TractStorage tracts = store.tracts();
        List<BlobId> dead = new ArrayList<>();
        long asked = 0;
        @Nullable BlobId after = null;
        List<BlobId> page = tracts.blobs(null, PAGE);
        while (!page.isEmpty()) {
            asked += page.size();
            dead.addAll(dead(leader, page));
            after = page.get(page.size() - 1);
            page = tracts.blobs(after, PAGE);
        }
        if (!confirmed && dead.size() > FEW && dead.size() > asked / MOST_SHARE) {
            LOG.error(
                    "event=mass-delete-stopped store={} unknown={} of={} remedy=\"set {}\"",
                    store.ref(),
                    dead.size(),
                    asked,
                    TractServerConfig.GARBAGE_CONFIRMED.name());
            return false;
        }
        if (!dead.isEmpty()) {
            remove(dead);
        }
        LOG.info("event=garbage-asked store={} blobs={} unknown={}", store.ref(), asked, dead.size());
        return true;
    }

    private List<BlobId> dead(HostPort leader, List<BlobId> blobs) throws TractException, InterruptedException {
        AskBlobsRequest.Builder request = AskBlobsRequest.newBuilder();
        blobs.forEach(blob -> request.addBlobs(blob.value()));
        AskBlobsResponse response = proxy.call(leader, Methods.ASK_BLOBS, request.build(), TIMEOUT_MS);
        List<BlobId> dead = new ArrayList<>();
        for (int i = 0; i < Math.min(blobs.size(), response.getAliveCount()); i++) {
            if (!response.getAlive(i)) {
                dead.add(blobs.get(i));
            }
        }
        return dead;
    }
}
