package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.metadata.planning.Candidate;
import io.tractfs.metadata.planning.DrainPlanner;
import io.tractfs.metadata.planning.Roster;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stores that an operator has emptied, or says will not come back: scripts over the assignment core. */
class DrainTest {
    @Test
    void emptiesAStoreWhileEveryClassKeepsAHolder() {
        InMemoryCluster cluster = InMemoryCluster.placed(5);
        cluster.seen.clear();
        cluster.step(new Event.StoreDrained(cluster.store(1).id(), true));
        cluster.pass(60_000);

        assertThat(cluster.columnsByStore()).doesNotContainKeys(0, 1);
        assertThat(cluster.columnsByStore().values())
                .allSatisfy(count -> assertThat(count).isBetween(10, 14));
        assertAllInSync(cluster);
        assertEveryClassHadAHolder(cluster);
        assertThat(drainOf(cluster, 1)).isEqualTo(ClusterView.Drain.DRAINED);
        assertThat(cluster.store(1).rows.values())
                .as("rows of the drained store")
                .allSatisfy(held -> assertThat(held.classes()).isEqualTo(ClassSet.EMPTY));
    }

    @Test
    void isNotDoneWhileWhatWasMovedHasNotArrived() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.stores.values().forEach(store -> store.reconciles = store.number == 1);
        cluster.step(new Event.StoreDrained(cluster.store(1).id(), true));
        cluster.pass(20_000);

        assertThat(drainOf(cluster, 1)).isEqualTo(ClusterView.Drain.DRAINING);
        assertEveryClassHadAHolder(cluster);
    }

    @Test
    void goesOnUnderTheNextLeader() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.step(new Event.StoreDrained(cluster.store(1).id(), true));
        cluster.pass(1500);
        assertThat(cluster.columnsByStore()).containsKey(1);

        cluster.register.put(cluster.store(1).id(), known(cluster, 1, true, false));
        cluster.lead();
        cluster.stores.values().stream().filter(store -> store.number != 1).forEach(cluster::register);
        cluster.step(new Event.StoreRegistered(cluster.store(1).info(), new StoreSpace(1 << 30, 0, 1 << 30, 0)));
        cluster.pass(60_000);

        assertThat(cluster.columnsByStore()).doesNotContainKeys(0, 1);
        assertAllInSync(cluster);
        assertEveryClassHadAHolder(cluster);
    }

    @Test
    void leavesColumnsVacantWhereThereIsNoOtherStore() {
        InMemoryCluster cluster = InMemoryCluster.placed(3);
        cluster.step(new Event.StoreDrained(cluster.store(2).id(), true));
        cluster.pass(60_000);

        assertThat(cluster.columnsByStore()).containsOnlyKeys(0, 1, 3);
        assertEveryClassHadAHolder(cluster);
        assertThat(drainOf(cluster, 2)).isEqualTo(ClusterView.Drain.DRAINED);
    }

    @Test
    void takesItsShareAgainAfterTheWordIsTakenBack() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.step(new Event.StoreDrained(cluster.store(1).id(), true));
        cluster.pass(60_000);
        cluster.step(new Event.StoreDrained(cluster.store(1).id(), false));
        cluster.pass(60_000);

        assertThat(cluster.columnsByStore().get(1)).isBetween(10, 13);
        assertAllInSync(cluster);
        assertThat(drainOf(cluster, 1)).isEqualTo(ClusterView.Drain.NONE);
    }

    @Test
    void givesUpWhatIsBeyondItsColumnIfTheWordIsTakenBackInTheMiddle() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.stores.values().forEach(store -> store.reconciles = false);
        int leaving = cluster.members(0).get(0);
        cluster.step(new Event.StoreDrained(cluster.store(leaving).id(), true));
        cluster.pass(2000);
        assertThat(cluster.row(0).isHandingOver()).isTrue();

        cluster.step(new Event.StoreDrained(cluster.store(leaving).id(), false));
        cluster.stores.values().forEach(store -> store.reconciles = true);
        cluster.lead(); // Publishes every row again, so that the stores go on.
        cluster.stores.values().forEach(cluster::register);
        cluster.pass(60_000);

        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.row(row).isHandingOver()).as("row %s", row).isFalse();
        }
        assertAllInSync(cluster);
        assertEveryClassHadAHolder(cluster);
    }

    @Test
    void freezesTheClassIfTheStoreDiesBeforeItsHeirHasIt() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.stores.values().forEach(store -> store.reconciles = false);
        int leaving = cluster.members(0).get(0);
        cluster.step(new Event.StoreDrained(cluster.store(leaving).id(), true));
        cluster.pass(2000);
        assertThat(cluster.row(0).isHandingOver()).isTrue();
        assertThat(cluster.held(0, leaving)).isEqualTo(ClassSet.ofColumn(0, 3));

        cluster.kill(leaving);
        cluster.pass(3000);
        assertThat(cluster.row(0).isFrozen(1)).isTrue();
        assertThat(cluster.row(0).isFrozen(2)).isFalse();

        cluster.stores.values().forEach(store -> store.reconciles = true);
        cluster.restart(leaving);
        cluster.pass(60_000);
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.row(row).waiting()).isEmpty();
            assertThat(holds(cluster.row(row), 1)).isTrue();
        }
    }

    @Test
    void theFormerFirstMemberGetsAllWritesUntilItTakesItsPlaceAgainForADeadHeir() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.stores.values().forEach(store -> store.reconciles = false);
        int leaving = cluster.members(0).get(0);
        cluster.step(new Event.StoreDrained(cluster.store(leaving).id(), true));
        cluster.pass(2000);
        Row between = cluster.row(0);
        assertThat(between.isHandingOver()).isTrue();
        assertThat(between.keeps(between.columnOf(cluster.store(leaving).id()), 1))
                .as("writes of class 1 go to the former first member too")
                .isTrue();

        cluster.kill(cluster.members(0).get(0));
        cluster.pass(3000);
        assertThat(cluster.members(0).get(0)).isEqualTo(leaving);
        assertThat(cluster.held(0, leaving)).isEqualTo(ClassSet.ofColumn(0, 3));
    }

    @Test
    void neverGivesADrainingStoreTheColumnsOfADeadOne() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.step(new Event.StoreDrained(cluster.store(1).id(), true));
        cluster.pass(60_000);
        cluster.kill(2);
        cluster.pass(5000);

        assertThat(cluster.columnsByStore()).containsOnlyKeys(0, 3, 4);
    }

    @Test
    void theVerdictOnAStoreOutlivesTheLeader() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        int lost = cluster.members(0).get(0);
        cluster.kill(lost);
        cluster.pass(3000);
        assertThat(cluster.row(0).isFrozen(1)).isTrue();

        cluster.register.put(cluster.store(lost).id(), known(cluster, lost, false, true));
        cluster.lead();
        cluster.stores.values().stream().filter(store -> store.running).forEach(cluster::register);
        cluster.pass(3000);
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.row(row).waiting()).isEmpty();
        }
    }

    @Test
    void plansNothingWhileNobodyDrains() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        List<Candidate> all = cluster.stores.values().stream()
                .map(store -> new Candidate(store.ref(), "server" + store.number, "/default", 1 << 30))
                .toList();
        assertThat(new DrainPlanner(new Roster(all), 3)
                        .plan(
                                List.copyOf(cluster.table.values()),
                                5,
                                cluster.row(0).version()))
                .isEmpty();
    }

    private static Event.KnownStore known(InMemoryCluster cluster, int store, boolean draining, boolean givenUp) {
        InMemoryStore known = cluster.store(store);
        return new Event.KnownStore(
                known.id(), known.ref().incarnation(), known.info().server(), false, draining, givenUp);
    }

    private static ClusterView.Drain drainOf(InMemoryCluster cluster, int store) {
        return cluster.core.view(false, 0).stores().stream()
                .filter(view -> view.ref().store().equals(cluster.store(store).id()))
                .findFirst()
                .orElseThrow()
                .drain();
    }

    private static void assertAllInSync(InMemoryCluster cluster) {
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.isWholeInSync(row))
                    .as("row %s: %s", row, cluster.row(row))
                    .isTrue();
        }
    }

    private static void assertEveryClassHadAHolder(InMemoryCluster cluster) {
        for (Effect effect : cluster.seen) {
            if (effect instanceof Effect.PublishRows published) {
                for (Row row : published.rows()) {
                    for (int r = 1; r <= 3; r++) {
                        assertThat(holds(row, r)).as("class %s of %s", r, row).isTrue();
                    }
                }
            }
        }
    }

    private static boolean holds(Row row, int replicationClass) {
        for (int column = 0; column < row.columns().count(); column++) {
            Member member = row.columns().at(column);
            if (member != null && member.holds(replicationClass)) {
                return true;
            }
        }
        return false;
    }
}
