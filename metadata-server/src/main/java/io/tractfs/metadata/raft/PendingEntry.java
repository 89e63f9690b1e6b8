package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.LogCodec;
import io.tractfs.metadata.namespace.LoggedEntry;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.proto.LogCommand;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that go into the log together. Immutable but for the futures of its calls.
 *
 * @param timeMs the leader's wall time
 * @param retentionMs how long results are kept for retries
 * @param namespaceLimits what commands are held to
 * @param calls in their order; none if the entry only shows that its peer leads
 */
record PendingEntry(long timeMs, long retentionMs, NamespaceLimits namespaceLimits, List<PendingCall> calls) {
    private static final Logger LOG = LoggerFactory.getLogger(PendingEntry.class);

    /** Copies the list. */
    PendingEntry {
        calls = List.copyOf(calls);
    }

    /** The entry as it is logged. */
    byte[] encode() {
        List<LogCommand> commands = new ArrayList<>(calls.size());
        calls.forEach(call -> commands.add(call.logged()));
        return LogCodec.encodeEntry(timeMs, retentionMs, namespaceLimits, commands);
    }

    /** The entry as it is applied, without decoding what was encoded here. */
    LoggedEntry entry() {
        List<Call> all = new ArrayList<>(calls.size());
        calls.forEach(call -> all.add(call.call()));
        return new LoggedEntry(timeMs, retentionMs, namespaceLimits, all);
    }

    /**
     * Gives every call its result: one task for all calls of an executor, so that it is woken once. A connection's
     * replies are written together then, and its client's next calls come together.
     */
    void complete(List<Result> results) {
        IdentityHashMap<Executor, List<Runnable>> tasks = new IdentityHashMap<>();
        for (int i = 0; i < calls.size(); i++) {
            PendingCall call = calls.get(i);
            Result result = results.get(i);
            tasks.computeIfAbsent(call.completer(), executor -> new ArrayList<>())
                    .add(() -> call.result().complete(result));
        }
        tasks.forEach(PendingEntry::run);
    }

    private static void run(Executor executor, List<Runnable> tasks) {
        try {
            executor.execute(() -> tasks.forEach(Runnable::run));
        } catch (RejectedExecutionException e) {
            LOG.debug("event=completer-ended calls={}", tasks.size(), e);
            tasks.forEach(Runnable::run);
        }
    }

    /** Fails every call that has no result yet. */
    void fail(Throwable cause) {
        calls.forEach(call -> call.result().completeExceptionally(cause));
    }
}
