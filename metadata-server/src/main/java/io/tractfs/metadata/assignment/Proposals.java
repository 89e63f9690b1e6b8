package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.metadata.planning.PlannedRow;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries plans through: proposed to every member that they name, committed once all have accepted, published row by row
 * (P8, P13, I3). Confined to the assignment loop.
 */
final class Proposals {
    private final RowTable rows;
    private final Outbox outbox;
    private final FloorCommits commits;
    private final Publisher publisher;

    Proposals(RowTable rows, Outbox outbox, FloorCommits commits, Publisher publisher) {
        this.rows = rows;
        this.outbox = outbox;
        this.commits = commits;
        this.publisher = publisher;
    }

    /** Proposes a new membership; a plan of the row that is not being committed is superseded. */
    void propose(PlannedRow plannedRow) {
        Row planned = plannedRow.row();
        RowState row = rows.at(planned.index());
        PlanInFlight plan = new PlanInFlight(
                planned, row.floor(), plannedRow.released(), Doubt.of(row, planned), Surrender.of(row, planned));
        row.propose(plan);
        ask(plan);
    }

    /** Proposes a plan to the members that can be asked now. */
    private void ask(PlanInFlight plan) {
        Row planned = plan.row();
        for (int column = 0; column < planned.columns().count(); column++) {
            @Nullable Member member = planned.columns().at(column);
            if (member != null && plan.asks(member.ref())) {
                outbox.propose(member.ref(), planned.index());
            }
        }
    }

    /** Takes a store's answers. */
    void answered(Event.ProposalAnswered event, StoreEntry entry) {
        for (Event.ProposalResult result : event.results()) {
            if (rows.has(result.row())) {
                take(entry, rows.at(result.row()), result);
            }
        }
    }

    private void take(StoreEntry entry, RowState row, Event.ProposalResult result) {
        row.setCopy(new HeldCopy(entry.ref, result.version(), result.held(), result.unclean()));
        @Nullable PlanInFlight plan = row.plan();
        if (plan == null || !plan.awaits(entry.ref)) {
            return;
        }
        if (!result.accepted()) {
            if (result.version().isAfter(plan.row().version())) {
                retreat(row);
            } else {
                outbox.propose(entry.ref, row.index());
            }
        } else if (result.version().equals(plan.row().version())) {
            acknowledged(row, plan, entry, result.held());
        }
    }

    private void acknowledged(RowState row, PlanInFlight plan, StoreEntry entry, ClassSet held) {
        if (plan.isBelied(entry.ref, held)) {
            retreat(row);
            return;
        }
        plan.acknowledge(entry.ref, held);
        if (plan.isAcknowledged()) {
            finish(row, plan);
        } else {
            ask(plan);
        }
    }

    /** All have accepted; if a class lost its holder meanwhile, the row is planned anew with what is known now. */
    private void finish(RowState row, PlanInFlight plan) {
        if (plan.keepsAllClasses()) {
            plan.commit();
            commits.add(row.index(), plan.row().version());
        } else {
            retreat(row);
        }
    }

    private void retreat(RowState row) {
        row.abandonPlan();
        rows.touch(row.index());
    }

    /** Floors are in the log: the rows are published. */
    void committed(Map<Integer, RowVersion> floors) {
        for (Map.Entry<Integer, RowVersion> floor : floors.entrySet()) {
            RowState row = rows.at(floor.getKey());
            @Nullable PlanInFlight plan = row.plan();
            if (plan != null && plan.row().version().equals(floor.getValue())) {
                row.publish(plan.row());
                publisher.publish(row);
                outbox.settled(row.index());
                rows.touch(row.index());
            }
        }
    }

    /** Proposes again what a store has still to accept: what was under way to it when it was thought dead is forgotten. */
    void proposeAgain(StoreEntry entry) {
        rows.forEachNaming(entry.store, row -> {
            @Nullable PlanInFlight plan = row.plan();
            if (plan != null && plan.asks(entry.ref)) {
                outbox.propose(entry.ref, row.index());
            }
        });
    }

    /** Rows of a proposal that waits for a silent store are looked at again. */
    void touchAwaiting(StoreEntry entry) {
        rows.forEachNaming(entry.store, row -> {
            @Nullable PlanInFlight plan = row.plan();
            if (plan != null && plan.awaits(entry.ref)) {
                rows.touch(row.index());
            }
        });
    }
}
