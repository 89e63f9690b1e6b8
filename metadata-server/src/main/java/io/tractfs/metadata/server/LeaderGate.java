package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens with the steps of a leadership: reads once the epoch entry is applied, writes once it is granted. Thread-safe. */
final class LeaderGate implements WriteGate {
    /** A step, with what callers are told meanwhile. Immutable. */
    private record Step(boolean reads, boolean writes, ErrorCode code, Supplier<String> reason) {
        static final Step STARTING =
                new Step(false, false, ErrorCode.STARTING, () -> "The metadata server is starting; try again");
        static final Step FOLLOWING =
                new Step(false, false, ErrorCode.NOT_LEADER, () -> "This metadata server does not lead");
        static final Step READING = new Step(
                true,
                false,
                ErrorCode.READ_ONLY,
                () ->
                        "The namespace is read-only until more than half of the stores have granted this leader its epoch");
        static final Step SERVING = new Step(true, true, ErrorCode.INTERNAL, () -> "");

        TractException refusal(String leader) {
            boolean elsewhere = code == ErrorCode.NOT_LEADER && !leader.isEmpty();
            String text = elsewhere ? reason.get() + "; " + leader + " does" : reason.get();
            return new TractException(code, text, RowVersion.NONE, elsewhere ? leader : "", null);
        }
    }

    private final Supplier<String> leader;

    private volatile Step step = Step.STARTING;
    private volatile String fenced = "";
    private volatile String spaceReason = "";
    private volatile boolean spaceScarce;

    /** A gate of a server that starts, and knows of no other. */
    LeaderGate() {
        this(() -> "");
    }

    /**
     * A gate of a server that starts.
     *
     * @param leader address of the server that leads; empty if none is known
     */
    LeaderGate(Supplier<String> leader) {
        this.leader = leader;
    }

    /** A refusal of a server that does not lead. */
    TractException notLeading() {
        return Step.FOLLOWING.refusal(leader.get());
    }

    void follow() {
        step = Step.FOLLOWING;
    }

    void start() {
        step = Step.STARTING;
    }

    /** A restore waits for something (P30). */
    void restoring(Supplier<String> reason) {
        step = new Step(false, false, ErrorCode.STARTING, reason);
    }

    void read() {
        step = Step.READING;
    }

    void serve() {
        step = Step.SERVING;
    }

    /** Some store or log entry shows that this server must not act any more, until an operator has looked (P29). */
    void fence(String reason) {
        step = new Step(false, false, ErrorCode.NOT_LEADER, () -> "This metadata server has stopped to act: " + reason);
    }

    /** A store has seen what this server's log does not have: it stops for an operator, whatever comes after (P29). */
    void stopForOperator(String reason) {
        fenced = "This metadata server has stopped until an operator decides: " + reason;
    }

    /** Why this server does nothing until an operator has looked; empty if it goes on. */
    Optional<TractException> stopped() {
        return fenced.isEmpty()
                ? Optional.empty()
                : Optional.of(new TractException(ErrorCode.LINEAGE_MISMATCH, fenced));
    }

    /** The disk has too little space for more names; empty when it has enough again. */
    void space(String reason) {
        spaceReason = reason;
    }

    /** Whether the disk has so little space that it is kept for the log alone. */
    void scarce(boolean scarce) {
        spaceScarce = scarce;
    }

    boolean hasSpaceToFlush() {
        return !spaceScarce;
    }

    boolean isServing() {
        return refusal().isEmpty();
    }

    /** Why writes are refused; empty if they are not. */
    String reason() {
        return refusal().map(TractException::getMessage).orElse("");
    }

    @Override
    public Optional<TractException> refusal() {
        Optional<TractException> refusal = refusalToShrink();
        if (refusal.isPresent() || spaceReason.isEmpty()) {
            return refusal;
        }
        return Optional.of(new TractException(ErrorCode.DISK_FULL, spaceReason));
    }

    @Override
    public Optional<TractException> refusalToShrink() {
        Step now = step;
        if (!fenced.isEmpty()) {
            return stopped();
        }
        return now.writes() ? Optional.empty() : Optional.of(now.refusal(leader.get()));
    }

    @Override
    public Optional<TractException> readRefusal() {
        Step now = step;
        if (!fenced.isEmpty()) {
            return stopped();
        }
        return now.reads() ? Optional.empty() : Optional.of(now.refusal(leader.get()));
    }
}
