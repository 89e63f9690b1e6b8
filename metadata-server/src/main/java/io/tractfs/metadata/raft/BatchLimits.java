package io.tractfs.metadata.raft;

/**
 * What bounds the way into the log. Immutable.
 *
 * @param queuedCalls most calls that wait; past it {@code BUSY}
 * @param queuedBytes most bytes that wait; past it {@code BUSY}
 * @param entryCalls most calls of one entry
 * @param entryBytes most bytes of one entry of more than one call
 * @param callBytes most bytes of one call; past it {@code TOO_LARGE}
 * @param inFlight most entries that are logged and not yet applied
 */
public record BatchLimits(
        int queuedCalls, long queuedBytes, int entryCalls, int entryBytes, int callBytes, int inFlight) {
    /**
     * For a metadata server. Two entries in flight: while one is synced the next one gathers calls. More would only
     * make smaller entries, each of which costs as much as several calls.
     */
    public static final BatchLimits DEFAULT = new BatchLimits(16_384, 64L << 20, 512, 1 << 20, 3 << 20, 2);
}
