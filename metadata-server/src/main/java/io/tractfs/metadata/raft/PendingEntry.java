package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.LogCodec;
import io.tractfs.metadata.namespace.LoggedEntry;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.proto.LogCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls that go into the log together. Immutable but for the futures of its calls.
 *
 * @param timeMs the leader's wall time
 * @param retentionMs how long results are kept for retries
 * @param namespaceLimits what commands are held to
 * @param calls in their order; none if the entry only shows that its peer leads
 */
record PendingEntry(long timeMs, long retentionMs, NamespaceLimits namespaceLimits, List<PendingCall> calls) {
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

    /** Gives every call its result. */
    void complete(List<Result> results) {
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).result().complete(results.get(i));
        }
    }

    /** Fails every call that has no result yet. */
    void fail(Throwable cause) {
        calls.forEach(call -> call.result().completeExceptionally(cause));
    }
}
