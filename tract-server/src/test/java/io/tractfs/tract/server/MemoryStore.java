package io.tractfs.tract.server;

import io.tractfs.id.ClusterId;
import io.tractfs.id.Incarnation;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.memory.InMemoryRowLedger;
import io.tractfs.tract.store.memory.InMemoryTractStorage;

/** A store in memory. */
record MemoryStore(
        StoreRef ref, ClusterId cluster, InMemoryTractStorage tracts, InMemoryRowLedger ledger, boolean startedUnclean)
        implements OpenStore {
    static MemoryStore empty(StoreRef ref, ClusterId cluster, int rows) {
        return new MemoryStore(ref, cluster, new InMemoryTractStorage(rows, 1L << 30), new InMemoryRowLedger(), false);
    }

    @Override
    public Incarnation uncleanThrough() {
        return startedUnclean ? ref.incarnation() : Incarnation.NONE;
    }

    @Override
    public int rows() {
        return 0;
    }

    @Override
    public void adoptLayout(int rows) {}

    @Override
    public void judged() {}

    @Override
    public void lostWrites(long seen) {}

    @Override
    public void refused(String reason, Incarnation registered) {
        tracts.fail(reason);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void renewWitness() {}

    @Override
    public void close() {}
}
