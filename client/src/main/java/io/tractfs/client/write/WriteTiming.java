package io.tractfs.client.write;

import io.tractfs.client.retry.Backoff;

/**
 * The limits in time of a segment's writer, in milliseconds. Immutable.
 *
 * @param memberPause pauses before a member that failed is asked again
 * @param refreshPause pauses between refreshes of the table while something is amiss
 * @param slowMs after which an unanswered call makes the writer look for a newer table
 * @param slowComplaintMs after which it complains too, unless the call waits for a disk; long, since a member that only
 *     has much to do must not be taken from its rows for it (P16)
 * @param frozenPatienceMs how long a frozen class is waited for before the segment ends (P3)
 * @param unavailablePatienceMs the same for a row without members
 * @param stallMs how long a tract may make no progress before the stream fails
 */
public record WriteTiming(
        Backoff memberPause,
        Backoff refreshPause,
        long slowMs,
        long slowComplaintMs,
        long frozenPatienceMs,
        long unavailablePatienceMs,
        long stallMs) {
    /** The same with another patience. */
    WriteTiming withFrozenPatience(long patienceMs) {
        return new WriteTiming(
                memberPause, refreshPause, slowMs, slowComplaintMs, patienceMs, unavailablePatienceMs, stallMs);
    }
}
