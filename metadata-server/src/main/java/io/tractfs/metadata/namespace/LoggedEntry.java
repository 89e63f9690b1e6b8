package io.tractfs.metadata.namespace;

import java.util.List;

/**
 * One entry of the replicated log. Immutable.
 *
 * @param timeMs the leader's wall time, ms since 1970
 * @param retentionMs how long results are kept for retries (P34)
 * @param limits what the calls are held to
 * @param calls applied one after the other
 */
public record LoggedEntry(long timeMs, long retentionMs, NamespaceLimits limits, List<Call> calls) {
    /** Copies the list. */
    public LoggedEntry {
        calls = List.copyOf(calls);
    }
}
