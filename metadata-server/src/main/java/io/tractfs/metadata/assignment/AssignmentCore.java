package io.tractfs.metadata.assignment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which stores hold which rows: {@code step(event, now) → effects}. The same events at the same times give the
 * same effects. What is durable is not here: the log keeps floors, register and epochs, the stores keep what they have
 * accepted; an effect whose description says that something is persisted first is only asked for after the event that
 * says so. Outside a leadership every event but its beginning is ignored. Not thread-safe: confined to the assignment
 * loop.
 */
public final class AssignmentCore {
    private final AssignmentConfig config;
    private @Nullable Leadership leadership;

    /** A core that leads nothing yet. */
    public AssignmentCore(AssignmentConfig config) {
        this.config = config;
    }

    /**
     * Takes an event in.
     *
     * @param nowNanos monotonic time, not before that of the last event
     * @return what to do, in this order
     */
    public List<Effect> step(Event event, long nowNanos) {
        List<Effect> effects = new ArrayList<>();
        if (event instanceof Event.LeadershipGained gained) {
            Leadership begun = new Leadership(gained, config, nowNanos);
            leadership = begun;
            begun.begin(nowNanos, effects::add);
        } else if (event instanceof Event.LeadershipLost) {
            leadership = null;
        } else if (leadership != null) {
            leadership.step(event, nowNanos, effects::add);
        }
        return effects;
    }

    /** What the leader knows; empty if this server does not lead. */
    public ClusterView view(boolean withRows, long nowNanos) {
        Leadership leader = leadership;
        return leader == null ? ClusterView.NONE : ClusterView.of(leader, withRows, leader.activeTime(nowNanos));
    }
}
