package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.Result;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The replicated log of commands. A result is given once the command is durable on a majority and applied, so a read of
 * the state that starts after it sees the effect. Commands are applied in the order of submission by one thread. A
 * command may be submitted again under the same call name: it takes effect once (P34). Thread-safe.
 */
public interface CommandLog extends AutoCloseable {
    /**
     * Logs and applies a call. The future gives its result (refusals are results), or fails with a {@link
     * io.tractfs.error.TractException}: BUSY (queue full) and TOO_LARGE say that nothing happened. After NOT_LEADER,
     * SHUTTING_DOWN, CONNECTION_LOST and INTERNAL the outcome is unknown: an entry that was logged before the leadership ended
     * may be committed by the next leader. The same call name asked again there tells (P34). It may complete on a thread of the
     * log: what depends on it must not block.
     */
    CompletableFuture<Result> submit(Call call);

    /**
     * The same for a call that may wait for others which arrived with it, to be logged together.
     *
     * @param later runs tasks soon, once those were submitted; the result may be completed there too, in one task with
     *     those of other calls
     */
    default CompletableFuture<Result> submit(Call call, Executor later) {
        return submit(call);
    }

    /** Whether this peer leads now, as far as it knows. */
    boolean isLeader();

    /**
     * Ends well if this peer led at some time after the call, and has applied all that was acknowledged before the call: a
     * read of the state that follows is linearizable (P35). Fails with a {@link io.tractfs.error.TractException},
     * NOT_LEADER among others. May complete on a thread of the log: what depends on it must not block.
     */
    CompletableFuture<Void> confirmLeadership();

    /** Stops; commands that are not applied by then fail. */
    @Override
    void close();
}
