package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.tract.store.RowLedger.HeldRow;
import org.jspecify.annotations.Nullable;

/**
 * The gate's answer to one request; a refused one is closed like an admitted one. Closed once, by whoever answers the
 * request, after the answer. Not thread-safe, but may be handed over.
 */
public final class Admission implements AutoCloseable {
    private final Verdict verdict;
    private final @Nullable HeldRow held;
    private @Nullable Runnable release;

    Admission(Verdict verdict, @Nullable HeldRow held, Runnable release) {
        this.verdict = verdict;
        this.held = held;
        this.release = release;
    }

    /** What was decided. */
    public Verdict verdict() {
        return verdict;
    }

    /** Row version that the store held when it decided. */
    public RowVersion version() {
        return held == null ? RowVersion.NONE : held.row().version();
    }

    /** Whether the store holds the class of some replication whole. */
    public boolean isHolder(int replication) {
        return held != null && held.held().contains(held.row().classOf(replication));
    }

    /** Whether the store is a member and holds every class of its column whole. */
    public boolean isInSync(StoreId self) {
        if (held == null) {
            return false;
        }
        int column = held.row().columnOf(self);
        return column >= 0
                && held.held()
                        .containsAll(
                                ClassSet.ofColumn(column, held.row().columns().count()));
    }

    /** Ends what was admitted. A second call does nothing. */
    @Override
    public void close() {
        Runnable last = release;
        release = null;
        if (last != null) {
            last.run();
        }
    }
}
