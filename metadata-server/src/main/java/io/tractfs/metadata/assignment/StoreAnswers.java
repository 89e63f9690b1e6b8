package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.table.StoreRef;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what stores say to grants, proposals and publications, and which rows they have brought up to date. Confined
 * to the assignment loop.
 */
final class StoreAnswers {
    private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Leadership leader;

    StoreAnswers(Leadership leader) {
        this.leader = leader;
    }

    void take(Event.OfStore event, long now, Consumer<Effect> effects) {
        if (event instanceof Event.GrantAnswered answered) {
            if (leader.rebuild.take(answered, now, effects)) {
                effects.accept(new Effect.ServeWrites());
            }
        } else if (event instanceof Event.GrantFailed failed) {
            @Nullable StoreEntry entry = leader.stores.current(failed.from());
            if (entry != null && entry.asking == failed.asking()) {
                entry.askAgainAt = now + ASK_AGAIN_NANOS;
            }
            failed(failed.from(), failed.failure(), now, effects);
        } else if (event instanceof Event.ProposalAnswered answered) {
            @Nullable StoreEntry entry = leader.stores.current(answered.from());
            if (entry != null && leader.outbox.answered(answered.from(), answered.message(), now) != null) {
                leader.suspicion.heard(entry, now);
                leader.proposals.answered(answered, entry);
            }
        } else if (event instanceof Event.PublishAnswered answered) {
            published(answered, now);
        } else if (event instanceof Event.SendFailed failed) {
            leader.outbox.failed(failed.from(), failed.message(), now);
            failed(failed.from(), failed.failure(), now, effects);
        } else if (event instanceof Event.HeldReported reported) {
            held(reported);
        }
    }

    /** Asks stores again whose claims failed to come. */
    void tick(long now, Consumer<Effect> effects) {
        for (StoreEntry entry : leader.stores.all()) {
            if (entry.askAgainAt != 0 && now >= entry.askAgainAt) {
                entry.askAgainAt = 0;
                if (entry.standing == Standing.LIVE && !entry.claimed) {
                    leader.rebuild.ask(entry, effects);
                }
            }
        }
    }

    /** What a store was told to empty it has no copy of any more (P15), unless it holds a newer version. */
    private void published(Event.PublishAnswered event, long now) {
        @Nullable StoreEntry entry = leader.stores.current(event.from());
        Outbox.@Nullable Message message = leader.outbox.answered(event.from(), event.message(), now);
        if (entry != null && message != null) {
            leader.suspicion.heard(entry, now);
            message.emptied().forEach((row, version) -> leader.rows.at(row).emptied(entry.store, version));
        }
    }

    private void failed(StoreRef from, CallFailure failure, long now, Consumer<Effect> effects) {
        @Nullable StoreEntry entry = leader.stores.current(from);
        if (failure == CallFailure.FENCED) {
            effects.accept(new Effect.StepDown("store " + from + " knows a newer leadership"));
        } else if (failure != CallFailure.NOT_READY
                && entry != null
                && entry.info != null
                && entry.standing == Standing.LIVE) {
            if (failure == CallFailure.NOT_SERVED) {
                leader.stores.fall(entry, Standing.DEAD, now);
            } else {
                leader.suspicion.suspect(ServerAddress.of(entry.info), now, effects);
            }
        }
    }

    /** Whether a store has accepted a later version meanwhile, and said then what it holds. */
    private static boolean hasAccepted(RowState row, StoreRef store, RowVersion reported) {
        @Nullable HeldCopy copy = row.copyOf(store);
        return copy != null && copy.version().isAfter(reported);
    }

    /** A report counts for the row's present version and the store's present start only (P11). */
    private void held(Event.HeldReported event) {
        @Nullable StoreEntry entry = leader.stores.current(event.from());
        if (entry == null) {
            return;
        }
        for (Event.HeldState state : event.rows()) {
            if (!leader.rows.has(state.row())) {
                continue;
            }
            RowState row = leader.rows.at(state.row());
            if (row.isUp() && row.setHeld(event.from(), state.version(), state.held())) {
                if (entry.standing == Standing.LIVE && !hasAccepted(row, event.from(), state.version())) {
                    row.setCopy(new HeldCopy(event.from(), state.version(), state.held(), false));
                }
                leader.publisher.publish(row);
                leader.rows.touch(row.index());
            }
        }
    }
}
