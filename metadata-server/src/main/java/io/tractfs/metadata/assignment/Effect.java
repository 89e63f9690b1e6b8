package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import java.util.List;
import java.util.Map;

/**
 * What the driver does for the core. Every call to a store ends in exactly one event: its answer or its failure. Effects
 * of one step may be carried out in any order, but for messages to one store, which the core sends one at a time.
 * Immutable.
 */
public sealed interface Effect {
    /**
     * Asks a store to grant the epoch and for its claims from a row on (P12). The epoch entry is applied.
     *
     * @param asking number of the round of pages that this is part of; the answer names it
     */
    record SendGrant(StoreRef to, long asking, int fromRow) implements Effect {}

    /** Proposes rows to a store (P8). */
    record SendProposal(StoreRef to, long message, List<ProposedRow> rows) implements Effect {}

    /**
     * A proposed row. Immutable.
     *
     * @param floor that it builds on
     * @param released classes that the member which the row names as their holder takes for empty but for what it has: an
     *     operator gave their last holders up (P2)
     */
    record ProposedRow(Row row, RowVersion floor, ClassSet released) {}

    /**
     * Tells a store about rows whose floor is committed, and which rows to empty (P15).
     *
     * @param empties row to the version under which the store is no member
     */
    record SendPublish(StoreRef to, long message, List<Row> rows, Map<Integer, RowVersion> empties) implements Effect {}

    /** Commits floors, conditional on the epoch (P13): row to version. */
    record CommitFloors(long batch, Map<Integer, RowVersion> floors) implements Effect {}

    /** Shows rows to clients; their floors are committed. */
    record PublishRows(List<Row> rows) implements Effect {}

    /** Shows where a store is reached. */
    record PublishStore(StoreInfo store) implements Effect {}

    /** Asks a tract server whether it is alive. */
    record Probe(ServerAddress server) implements Effect {}

    /** A dead store is named by no row any more: it leaves the register's majority (P12). */
    record RemoveStore(StoreId store) implements Effect {}

    /** The leader thinks something else of a store now; to be logged. */
    record NoteStanding(StoreRef store, Standing standing) implements Effect {}

    /** More than half of the stores have granted the epoch: the namespace takes writes (P12). */
    record ServeWrites() implements Effect {}

    /** This leadership is over: a store or the log knows a newer one. */
    record StepDown(String reason) implements Effect {}
}
