package io.tractfs.client.local;

import io.tractfs.client.local.LocalTract.Place;
import io.tractfs.id.TractId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What local reading asks of the stores on this host. Implementations are thread-safe; no call waits. */
public interface LocalStores {
    /**
     * Asks a holder of a tract on this host where the tract's file is. Empty if none is here, or it does not say; the
     * future does not fail.
     */
    CompletableFuture<Optional<Place>> locate(TractId tract, int replication);

    /** Tells the store that was asked last that a chunk does not verify (P28). */
    void reportDamage(TractId tract, int replication, int offset);
}
