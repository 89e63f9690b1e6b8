package io.tractfs.client.write;

import io.tractfs.client.retry.Backoff;
import io.tractfs.table.StoreRef;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * What one member of a row is known to have of one tract, under one version only (P10). Confined to its
 * {@link SegmentWriter}.
 */
final class MemberProgress {
    final StoreRef ref;
    /** Whether the member's length is known under this version. */
    boolean known;
    /** Whether a question for the length is on its way. */
    boolean asking;
    /** Whether a question that syncs is on its way. */
    boolean syncing;
    /** End of what the member has acknowledged without a gap. */
    int held;
    /** Everything below was sent or is there. */
    int sent;
    /** End of what is on its disk. */
    int synced;
    /** Failures since the last success. */
    int failures;
    /** Nothing is sent to it before. */
    long pausedUntilMs;

    private final PriorityQueue<Packet> beyond = new PriorityQueue<>(Comparator.comparingInt(Packet::offset));

    /**
     * A member of a version that has just been taken up.
     *
     * @param base what all members of the version before had acknowledged; counts as held
     * @param known whether nothing beyond the base can be there, so that it need not be asked
     */
    MemberProgress(StoreRef ref, int base, boolean known) {
        this.ref = ref;
        this.held = base;
        this.sent = base;
        this.known = known;
    }

    /** It has acknowledged a packet. */
    void acknowledged(Packet packet) {
        beyond.add(packet);
        advance();
    }

    /** It has said how far it has the tract. */
    void answered(int length) {
        held = Math.max(held, length);
        advance();
        known = true;
        sent = held;
    }

    private void advance() {
        while (!beyond.isEmpty() && beyond.peek().offset() <= held) {
            held = Math.max(held, beyond.remove().end());
        }
    }

    /**
     * It has failed: what it has must be asked again, after a pause. What was under way to it when it failed fails with it
     * and makes the pause no longer.
     */
    void failed(long nowMs, Backoff pause, RandomGenerator random) {
        known = false;
        if (nowMs >= pausedUntilMs) {
            failures++;
            pausedUntilMs = nowMs + pause.delayMs(failures, random);
        }
    }
}
