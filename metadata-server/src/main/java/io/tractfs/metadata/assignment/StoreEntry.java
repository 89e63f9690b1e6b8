package io.tractfs.metadata.assignment;

import io.tractfs.id.StoreId;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import org.jspecify.annotations.Nullable;

/** What the leader knows of one store. Confined to the assignment loop. */
final class StoreEntry {
    /** A store with less refuses writes, or soon will: that is the default size of a tract. */
    private static final long LEAST_FREE_BYTES = 8 << 20;

    final StoreId store;
    /** Null until the store has registered with this leader. */
    @Nullable
    StoreInfo info;

    StoreRef ref;
    Standing standing = Standing.ABSENT;
    StoreSpace space = StoreSpace.NONE;
    String failure = "";
    boolean removed;
    /** An operator says that it will not come back; forgotten when it does. */
    boolean givenUp;
    /** An operator has it emptied: it gets no column any more, and gives away those that it has. */
    boolean draining;
    /** Announced a restart. */
    boolean leaving;
    /** Has persisted this leader's epoch. */
    boolean granted;
    /** Counts how often its claims were asked for from the first row on; pages of an earlier round are void. */
    long asking;
    /** Every claim of it has arrived. */
    boolean claimed;

    boolean suspected;
    long lastSeen;
    /** When the standing last changed. */
    long since;
    /** Until when its claims are waited for before rows go on without it (P17). */
    long awaitedUntil = Long.MAX_VALUE;
    /** Lives, but its claims did not come in time. */
    boolean overdue;
    /** When to ask again for claims that failed to come; 0 while a request is under way or none is needed. */
    long askAgainAt;

    StoreEntry(StoreRef ref) {
        this.store = ref.store();
        this.ref = ref;
    }

    /** Whether plans may count on it. */
    boolean isUsable() {
        return standing == Standing.LIVE && claimed;
    }

    /** Whether it says that it has no space for tracts. */
    boolean isFull() {
        return space.capacityBytes() > 0 && space.freeBytes() < LEAST_FREE_BYTES;
    }

    /** Whether it may still turn out to be usable, so that rows which name it are not planned yet (P17). */
    boolean isAwaited(long now) {
        boolean mayClaim = standing == Standing.ABSENT || (standing == Standing.LIVE && !claimed);
        return mayClaim && !removed && !givenUp && now < awaitedUntil;
    }

    void stand(Standing next, long now) {
        standing = next;
        since = now;
        if (next != Standing.LIVE) {
            claimed = false;
            suspected = false;
        }
    }
}
