package io.tractfs.metadata.assignment;

import io.tractfs.table.StoreInfo;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what tells whether stores live: starts, signs of life, broken connections, complaints. Confined to the
 * assignment loop.
 */
final class StoreWatch {
    private final Leadership leader;

    StoreWatch(Leadership leader) {
        this.leader = leader;
    }

    void take(Event.OfLiveness event, long now, Consumer<Effect> effects) {
        if (event instanceof Event.StoreRegistered registered) {
            register(registered, now, effects);
        } else if (event instanceof Event.Heartbeat heartbeat) {
            heartbeat(heartbeat, now, effects);
        } else if (event instanceof Event.ConnectionLost lost) {
            leader.suspicion.suspect(lost.server(), now, effects);
        } else if (event instanceof Event.ProbeAnswered answered) {
            leader.suspicion.answered(answered, now);
        } else if (event instanceof Event.ProbeFailed failed) {
            leader.suspicion.failed(failed, now, effects);
        } else if (event instanceof Event.Complaint complaint) {
            complain(complaint, now, effects);
        }
    }

    /** A start that is known is asked for nothing, but may tell of another address or domain, or that it counts again. */
    private void register(Event.StoreRegistered event, long now, Consumer<Effect> effects) {
        StoreInfo info = event.info();
        @Nullable StoreEntry before = leader.stores.get(info.ref().store());
        boolean shown = before != null && info.equals(before.info);
        @Nullable StoreEntry entry = leader.stores.register(event, now);
        if (entry != null) {
            leader.outbox.drop(entry.store);
            leader.complaints.forget(entry.store);
        }
        boolean isPresent = leader.stores.current(info.ref()) != null;
        if (isPresent && (leader.takeRemoved(info.ref().store()) || entry != null || !shown)) {
            effects.accept(new Effect.PublishStore(info));
        }
        if (entry != null) {
            leader.rebuild.ask(entry, effects);
        }
    }

    /** A store that was thought dead and speaks again is asked for its claims anew: its rows may have moved on. */
    private void heartbeat(Event.Heartbeat event, long now, Consumer<Effect> effects) {
        @Nullable StoreEntry entry = leader.stores.current(event.from());
        if (entry == null || entry.info == null) {
            return;
        }
        entry.space = event.space();
        entry.leaving = event.leaving();
        entry.failure = event.failure();
        if (!event.failure().isEmpty()) {
            if (entry.standing != Standing.FAILED) {
                leader.stores.fall(entry, Standing.FAILED, now);
            }
        } else if (entry.standing == Standing.LIVE) {
            leader.suspicion.heard(entry, now);
        } else {
            leader.stores.join(entry, now);
            leader.outbox.drop(entry.store);
            leader.rebuild.ask(entry, effects);
        }
    }

    private void complain(Event.Complaint event, long now, Consumer<Effect> effects) {
        @Nullable StoreEntry entry = leader.stores.current(event.member());
        for (int index : event.rows()) {
            if (leader.rows.has(index)) {
                complain(event, leader.rows.at(index), entry, now);
            }
        }
        if (event.silent() && entry != null && entry.info != null && entry.standing == Standing.LIVE) {
            leader.suspicion.suspect(ServerAddress.of(entry.info), now, effects);
        }
    }

    /** A full store leaves a row that is written as soon as another one could take it, or go on without it. */
    private void complainOfFull(RowState row, StoreEntry full, long now) {
        boolean others =
                leader.stores.all().stream().anyMatch(other -> other != full && other.isUsable() && !other.isFull());
        if (others) {
            leader.complaints.bar(row.index(), full.store, now);
            leader.rows.touch(row.index());
        }
    }

    /** A store that says it holds a newer version than is published gets its row superseded (A10). */
    private void complain(Event.Complaint event, RowState row, @Nullable StoreEntry entry, long now) {
        boolean newer = event.storeVersion().isAfter(row.floor()) && leader.planning.mayExist(event.storeVersion());
        if (newer) {
            row.sawVersion(event.storeVersion());
            leader.rows.touch(row.index());
        }
        if (entry == null
                || !event.silent()
                || !event.version().equals(row.floor())
                || row.base().columnOf(entry.store) < 0) {
            return;
        }
        leader.outbox.hurry(row.index());
        if (entry.isFull()) {
            complainOfFull(row, entry, now);
        } else if (leader.complaints.complain(row.index(), entry.store, now)) {
            leader.rows.touch(row.index());
        }
    }
}
