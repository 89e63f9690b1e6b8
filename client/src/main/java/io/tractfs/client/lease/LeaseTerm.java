package io.tractfs.client.lease;

/**
 * How long a writer may take a file for its own, by its own clock: a grant counts from the sending of what asked for it,
 * and once the leader has said that another has the file, nothing brings it back (P23). Thread-safe, if one call at a
 * time answers.
 */
public final class LeaseTerm {
    private volatile long validUntilMs;
    private volatile boolean lost;

    /** The term of a file that was opened. */
    public LeaseTerm(long validUntilMs) {
        this.validUntilMs = validUntilMs;
    }

    /**
     * The leader answered a renewal; one at a time is under way, so answers come in order.
     *
     * @param taken whether it says that the file is not this writer's any more
     * @param untilMs when the lease ends if it is, counted from the sending of the renewal
     */
    public void answered(boolean taken, long untilMs) {
        lost |= taken;
        if (!taken) {
            validUntilMs = Math.max(validUntilMs, untilMs);
        }
    }

    /** Whether the lease holds for certain. */
    public boolean isHeld(long nowMs) {
        return !lost && nowMs < validUntilMs;
    }

    /** Whether the leader has said that the file is not this writer's any more. */
    public boolean isLost() {
        return lost;
    }
}
