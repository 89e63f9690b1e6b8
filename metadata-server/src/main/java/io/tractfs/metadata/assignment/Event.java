package io.tractfs.metadata.assignment;

import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import java.util.List;
import java.util.Set;

/** What happens to the leader. Immutable. */
public sealed interface Event {
    /** Tells whether stores live. */
    sealed interface OfLiveness extends Event {}

    /** Comes from a store that was asked or told something, or that has made progress. */
    sealed interface OfStore extends Event {}

    /** Comes from the log. */
    sealed interface OfLog extends Event {}

    /**
     * The epoch entry is applied (P12).
     *
     * @param floors floor of each row, by index
     * @param register every store in the register
     */
    record LeadershipGained(Epoch epoch, Lineage lineage, List<RowVersion> floors, List<KnownStore> register)
            implements Event {
        /** Copies the lists. */
        public LeadershipGained {
            floors = List.copyOf(floors);
            register = List.copyOf(register);
        }
    }

    /** A store in the register, which may be running or not. Immutable. */
    record KnownStore(
            StoreId store, Incarnation incarnation, String server, boolean removed, boolean draining, boolean givenUp) {
        /** A store of which no operator has said anything. */
        public KnownStore(StoreId store, Incarnation incarnation, String server, boolean removed) {
            this(store, incarnation, server, removed, false, false);
        }
    }

    /** Another server leads, or nobody. */
    record LeadershipLost() implements Event {}

    /** A store has started, or has found its new leader; its incarnation is in the register (P6). */
    record StoreRegistered(StoreInfo info, StoreSpace space) implements OfLiveness {}

    /**
     * A page of claims: the store has persisted the epoch.
     *
     * @param asking as in {@link Effect.SendGrant}
     * @param unclean rows of the page whose bytes may have been lost with the store's last power loss, and which no plan
     *     has judged since (P7)
     * @param nextRow first row of the next page; 0 if this was the last
     */
    record GrantAnswered(StoreRef from, long asking, List<Row> claims, Set<Integer> unclean, int nextRow)
            implements OfStore {
        /** Copies the collections. */
        public GrantAnswered {
            claims = List.copyOf(claims);
            unclean = Set.copyOf(unclean);
        }
    }

    /** No grant; the number is that of {@link Effect.SendGrant}. */
    record GrantFailed(StoreRef from, long asking, CallFailure failure) implements OfStore {}

    /**
     * A sign of life.
     *
     * @param leaving whether the store announces a planned restart
     * @param failure why the store is fenced; empty while it works
     */
    record Heartbeat(StoreRef from, StoreSpace space, boolean leaving, String failure) implements OfLiveness {}

    /** The connection to a tract server broke. */
    record ConnectionLost(ServerAddress server) implements OfLiveness {}

    /** A tract server answered a probe. */
    record ProbeAnswered(ServerAddress server, List<StoreRef> served) implements OfLiveness {}

    /** A tract server did not. */
    record ProbeFailed(ServerAddress server, CallFailure failure) implements OfLiveness {}

    /**
     * A client says that a member does not answer or refuses (P16).
     *
     * @param version row version under which the client called
     * @param storeVersion row version that the store says it holds; {@link RowVersion#NONE} if it said none
     * @param silent whether the member does not serve, as opposed to refusing a version: only this counts against it
     */
    record Complaint(StoreRef member, List<Integer> rows, RowVersion version, RowVersion storeVersion, boolean silent)
            implements OfLiveness {}

    /** A store answered {@link Effect.SendProposal}. */
    record ProposalAnswered(StoreRef from, long message, List<ProposalResult> results) implements OfStore {}

    /**
     * What a store says to one proposed row (P8, P9). Immutable.
     *
     * @param accepted whether it persisted the version
     * @param version that it holds now
     * @param held classes that it holds whole under it
     */
    record ProposalResult(int row, boolean accepted, RowVersion version, ClassSet held, boolean unclean) {}

    /** A store answered {@link Effect.SendPublish}. */
    record PublishAnswered(StoreRef from, long message) implements OfStore {}

    /** A proposal or publication got no answer. */
    record SendFailed(StoreRef from, long message, CallFailure failure) implements OfStore {}

    /** The floors of {@link Effect.CommitFloors} are in the log. */
    record FloorsCommitted(long batch) implements OfLog {}

    /** They are not, as far as is known; committing them again does no harm. */
    record FloorsFailed(long batch) implements OfLog {}

    /** Another leadership has begun since: this one is over (P13). */
    record FloorsRefused(long batch) implements OfLog {}

    /** A member has brought rows up to date (P11). */
    record HeldReported(StoreRef from, List<HeldState> rows) implements OfStore {}

    /** The state of one row at one member, and under which version it was reached. Immutable. */
    record HeldState(int row, RowVersion version, ClassSet held) {}

    /** An operator's verdict, which is in the register: a store will not come back (P2). */
    record StoreGivenUp(StoreId store) implements Event {}

    /** An operator's word, which is in the register: a store is to be emptied, or not any more. */
    record StoreDrained(StoreId store, boolean draining) implements Event {}

    /** Time passes; comes at least every {@value ActiveTime#TICK_LIMIT_MS} ms. */
    record Tick() implements Event {}
}
