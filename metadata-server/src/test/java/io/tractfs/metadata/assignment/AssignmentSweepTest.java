package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random failures, restarts, hangs, leader changes and lost messages over seeds. After each step no class may have a
 * holder that does not really hold it, and once the faults stop every row comes back whole.
 */
class AssignmentSweepTest {
    private static final int SEEDS = 150;

    @Test
    void everyRowComesBackOnceTheFaultsStop() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(int seed) {
        Random random = new Random(seed);
        int count = 3 + random.nextInt(4);
        InMemoryCluster cluster = InMemoryCluster.placed(count);
        for (int i = 0; i < 25; i++) {
            fault(cluster, random, count);
            cluster.pass(random.nextInt(1500));
            checkHolders(cluster, seed);
        }
        cluster.lost = effect -> false;
        for (InMemoryStore store : cluster.stores.values()) {
            store.hungOverProposals = false;
            store.frozen = false;
            if (!store.running) {
                cluster.restart(store.number);
            }
        }
        cluster.pass(90_000);
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.isWholeInSync(row))
                    .as("seed %d, row %s", seed, cluster.row(row))
                    .isTrue();
        }
    }

    private static void fault(InMemoryCluster cluster, Random random, int count) {
        InMemoryStore store = cluster.store(1 + random.nextInt(count));
        switch (random.nextInt(7)) {
            case 0, 1 -> {
                if (store.running) {
                    cluster.kill(store.number);
                }
            }
            case 2, 3 -> cluster.restart(store.number);
            case 4 -> store.frozen = !store.frozen;
            case 5 -> {
                cluster.lead();
                List<InMemoryStore> stores = new ArrayList<>(cluster.stores.values());
                stores.stream().filter(one -> one.running && !one.frozen).forEach(cluster::register);
            }
            default -> store.hungOverProposals = !store.hungOverProposals;
        }
    }

    /** What the table calls a holder has the class, under that version or a newer one it has accepted since. */
    private static void checkHolders(InMemoryCluster cluster, int seed) {
        for (Row row : cluster.table.values()) {
            for (int column = 0; column < 3; column++) {
                @Nullable Member member = row.columns().at(column);
                if (member == null) {
                    continue;
                }
                InMemoryStore store =
                        cluster.store((int) member.ref().store().value().getLeastSignificantBits());
                InMemoryStore.@Nullable Held held = store.rows.get(row.index());
                if (held == null || !held.row().version().equals(row.version())) {
                    continue;
                }
                ClassSet really = held.classes();
                assertThat(really.containsAll(member.held()))
                        .as("seed %d: %s in %s holds %s", seed, member, row, held)
                        .isTrue();
            }
        }
    }
}
