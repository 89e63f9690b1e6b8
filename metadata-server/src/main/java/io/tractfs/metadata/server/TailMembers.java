package io.tractfs.metadata.server;

import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.recovery.TailSearch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The members of a segment's rows, as the table names them at one moment: what writer recovery asks of stores (P19).
 * Implementations are thread-safe and do not block.
 */
public interface TailMembers {
    /**
     * Raises the generation of a tract on all members of its class. Fails unless all of them answer, under the version of
     * the table, and a holder is among them (B7): CLASS_FROZEN or ROW_UNAVAILABLE where there is none. Safe to repeat.
     */
    CompletableFuture<List<TailSearch.Answer>> fence(TractId tract);

    /** Cuts a tract on all members of its class; a tract that is not there needs no cut. Safe to repeat. */
    CompletableFuture<Void> cut(TractId tract, int length);

    /** Where the members are found. */
    @FunctionalInterface
    interface Source {
        /**
         * The members under the table as it is now; null if this server does not lead.
         *
         * @param generation under which they are fenced and cut
         */
        @Nullable
        TailMembers of(Segment segment, Generation generation);
    }
}
