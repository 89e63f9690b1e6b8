package io.tractfs.metadata.assignment;

import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes claims in and brings rows up by them, one by one (P4, P12). A row is up as soon as its published membership is
 * known; a claim above the floor was never published and is superseded; one below it is stale. Confined to the
 * assignment loop.
 */
final class Rebuild {
    private final StoreTable stores;
    private final RowTable rows;
    private final Publisher publisher;

    Rebuild(StoreTable stores, RowTable rows, Publisher publisher) {
        this.stores = stores;
        this.rows = rows;
        this.publisher = publisher;
    }

    /** Forgets what a store had, and asks it for the epoch and its claims. */
    void ask(StoreEntry entry, Consumer<Effect> effects) {
        rows.forEachNaming(entry.store, row -> row.dropCopy(entry.store));
        entry.asking++;
        effects.accept(new Effect.SendGrant(entry.ref, entry.asking, 0));
    }

    /**
     * Takes a page of claims; true if more than half of the stores have now granted for the first time. What was asked for
     * before the copies were forgotten last is void: its last page would pass for the end of the present round, and the
     * rows before it for rows that the store does not hold.
     */
    boolean take(Event.GrantAnswered event, long now, Consumer<Effect> effects) {
        @Nullable StoreEntry entry = stores.current(event.from());
        if (entry == null || entry.standing != Standing.LIVE || entry.claimed || event.asking() != entry.asking) {
            return false;
        }
        for (Row claim : event.claims()) {
            if (rows.has(claim.index())
                    && claim.columns().count()
                            == rows.at(claim.index()).base().columns().count()) {
                take(entry, claim, event.unclean().contains(claim.index()));
            }
        }
        boolean last = event.nextRow() == 0;
        boolean majority = stores.granted(entry, last, now);
        if (last) {
            announce(entry);
        } else {
            effects.accept(new Effect.SendGrant(entry.ref, entry.asking, event.nextRow()));
        }
        return majority;
    }

    private void take(StoreEntry entry, Row claim, boolean unclean) {
        RowState row = rows.at(claim.index());
        boolean wasUp = row.isUp();
        Row before = row.base();
        @Nullable Member own = claim.member(entry.store).orElse(null);
        if (own == null) {
            row.sawVersion(claim.version()); // It was told to empty the row, and does not know who is in it.
        } else {
            row.claimed(claim);
            row.setCopy(new HeldCopy(entry.ref, claim.version(), own.held(), unclean));
            row.setHeld(entry.ref, claim.version(), own.held());
        }
        if (row.isUp() && (!wasUp || !row.base().equals(before))) {
            publisher.show(row);
        }
        rows.touch(row.index());
    }

    private void announce(StoreEntry entry) {
        rows.forEachNaming(entry.store, row -> publisher.publishTo(entry, row));
    }
}
