package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssignmentCoreTest {
    @Test
    void placesEmptyRowsEvenlyOnceTheExpectedStoresAreThere() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);

        assertThat(cluster.serving).isTrue();
        assertThat(cluster.table).hasSize(InMemoryCluster.ROWS);
        assertThat(cluster.columnsByStore()).isEqualTo(Map.of(1, 12, 2, 12, 3, 12, 4, 12));
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.isWholeInSync(row)).isTrue();
            assertThat(cluster.floors[row]).isEqualTo(cluster.row(row).version());
        }
    }

    @Test
    void waitsForTheExpectedStores() {
        InMemoryCluster cluster = new InMemoryCluster(3);
        cluster.lead();
        cluster.register(cluster.store(1));
        cluster.pass(3000);
        assertThat(cluster.table).isEmpty();

        cluster.register(cluster.store(2));
        cluster.register(cluster.store(3));
        cluster.pass(1000);
        assertThat(cluster.table).hasSize(InMemoryCluster.ROWS);
    }

    @Test
    void servesWritesOnlyOnceMoreThanHalfOfTheRegisteredStoresHaveGranted() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.lead();
        cluster.register(cluster.store(1));
        cluster.register(cluster.store(2));
        assertThat(cluster.serving).isFalse();
        cluster.register(cluster.store(3));
        assertThat(cluster.serving).isTrue();
    }

    @Test
    void replacesADeadStoreAtOnce() {
        InMemoryCluster cluster = InMemoryCluster.placed(5);
        cluster.kill(2);

        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.members(row)).doesNotContain(2, 0);
        }
        assertThat(cluster.columnsByStore().values())
                .allSatisfy(count -> assertThat(count).isBetween(11, 13));
    }

    @Test
    void bringsRowsUpFromClaimsWithoutNewVersions() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        Map<Integer, Row> before = Map.copyOf(cluster.table);
        cluster.lead();
        cluster.stores.values().forEach(cluster::register);
        cluster.pass(200);

        assertThat(cluster.table).isEqualTo(before);
    }

    @Test
    void readmitsAllStoresAfterEverythingWasRestarted() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.lead();
        for (InMemoryStore store : cluster.stores.values()) {
            store.restart();
        }
        cluster.stores.values().forEach(cluster::register);
        cluster.pass(200);

        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.isWholeInSync(row)).isTrue();
            assertThat(cluster.row(row).version().epoch()).isEqualTo(new Epoch(2));
        }
        assertThat(cluster.columnsByStore()).isEqualTo(Map.of(1, 12, 2, 12, 3, 12, 4, 12));
    }

    // P2: an operator's verdict ends the wait.

    @Test
    void releasesAClassWhoseLastHolderAnOperatorGaveUp() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        int first = cluster.members(0).get(0);
        cluster.kill(first);
        cluster.pass(1000);
        assertThat(cluster.row(0).isFrozen(1)).isTrue();

        cluster.step(new Event.StoreGivenUp(cluster.store(first).id()));
        cluster.pass(1000);

        assertThat(cluster.row(0).waiting()).isEmpty();
        assertThat(cluster.isWholeInSync(0)).isTrue();
        cluster.restart(first);
        cluster.pass(5000);
        assertThat(cluster.row(0).waiting()).isEmpty();
        assertThat(cluster.isWholeInSync(0)).isTrue();
    }

    @Test
    void giveUpOfOneOfTwoLastHoldersGoesOnWaitingForTheOther() {
        InMemoryCluster cluster = InMemoryCluster.placed(5);
        List<Integer> members = cluster.members(0);
        members.forEach(number -> cluster.store(number).running = false);
        members.forEach(cluster::kill);
        cluster.pass(5000);
        assertThat(cluster.row(0).isFrozen(3)).isTrue();

        cluster.step(new Event.StoreGivenUp(cluster.store(members.get(0)).id()));
        cluster.pass(1000);
        assertThat(cluster.row(0).isFrozen(3)).isTrue();

        cluster.restart(members.get(2));
        cluster.pass(1000);
        assertThat(cluster.row(0).isFrozen(3)).isFalse();
        assertThat(cluster.row(0).isFrozen(2)).isTrue();

        cluster.step(new Event.StoreGivenUp(cluster.store(members.get(1)).id()));
        cluster.pass(1000);
        assertThat(cluster.row(0).waiting()).isEmpty();
        assertThat(cluster.isWholeInSync(0)).isTrue();
    }

    @Test
    void doesNotGiveUpAStoreThatLives() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        Row before = cluster.row(0);

        cluster.step(
                new Event.StoreGivenUp(cluster.store(cluster.members(0).get(0)).id()));
        cluster.pass(1000);

        assertThat(cluster.row(0)).isEqualTo(before);
    }

    @Test
    void bringsARowUpEmptyThatNobodyIsLeftToClaimOnlyAfterAllOthersWereGivenUp() {
        InMemoryCluster cluster = InMemoryCluster.placed(7);
        List<Integer> members = cluster.members(0);
        members.forEach(number -> cluster.store(number).running = false);
        cluster.lead();
        for (int number = 1; number <= 7; number++) {
            if (!members.contains(number)) {
                cluster.register(cluster.store(number));
            }
        }
        cluster.pass(5000);
        RowVersion floor = cluster.floors[0];
        cluster.step(new Event.StoreGivenUp(cluster.store(members.get(0)).id()));
        cluster.step(new Event.StoreGivenUp(cluster.store(members.get(1)).id()));
        cluster.pass(5000);
        assertThat(cluster.floors[0]).isEqualTo(floor);

        cluster.step(new Event.StoreGivenUp(cluster.store(members.get(2)).id()));
        cluster.pass(5000);

        assertThat(cluster.floors[0].isAfter(floor)).isTrue();
        assertThat(cluster.row(0).waiting()).isEmpty();
        assertThat(cluster.members(0)).doesNotContainAnyElementsOf(members);
    }

    @Test
    void aRestartThatTakesTooLongIsReplaced() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        int last = cluster.members(0).get(2);
        cluster.store(last).leaving = true;
        cluster.pass(100);
        cluster.kill(last);
        cluster.pass(11_000);

        assertThat(cluster.members(0)).doesNotContain(0, last);
    }

    @Test
    void aHungStoreIsDeadAfterTheDeathTime() {
        InMemoryCluster cluster = InMemoryCluster.placed(5);
        cluster.store(3).frozen = true;
        cluster.pass(1500);
        assertThat(cluster.columnsByStore()).containsKey(3);
        cluster.pass(1500);
        assertThat(cluster.columnsByStore()).doesNotContainKey(3);
    }

    @Test
    void itsOwnPauseKillsNobody() {
        InMemoryCluster cluster = InMemoryCluster.placed(5);
        Map<Integer, Row> before = Map.copyOf(cluster.table);
        cluster.jump(60_000);
        cluster.step(new Event.Tick());
        cluster.pass(500);

        assertThat(cluster.table).isEqualTo(before);
    }

    @Test
    void storesThatJoinGetAFairShare() {
        InMemoryCluster cluster = InMemoryCluster.placed(3);
        cluster.stores.put(4, new InMemoryStore(4));
        cluster.register(cluster.store(4));
        cluster.pass(60_000);

        assertThat(cluster.columnsByStore().get(4)).isBetween(9, 12);
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            assertThat(cluster.isWholeInSync(row)).isTrue();
        }
    }

    @Test
    void aDeadStoreThatNoRowNamesLeavesTheMajority() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.kill(4);
        cluster.pass(5000);
        int frozen = 0;
        for (Row row : cluster.table.values()) {
            frozen += row.waiting().isEmpty() ? 0 : 1;
        }

        assertThat(frozen).isPositive();
        assertThat(cluster.seen).noneMatch(Effect.RemoveStore.class::isInstance);
    }

    @Test
    void aStoreThatWasRemovedAndRegistersAgainIsPublishedAlsoIfASignOfLifeCameFirst() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        InMemoryStore last = cluster.store(4);
        cluster.step(new Event.StoreDrained(last.id(), true));
        cluster.pass(60_000);
        last.frozen = true;
        cluster.pass(60_000);
        assertThat(cluster.seen).contains(new Effect.RemoveStore(last.id()));

        last.frozen = false;
        cluster.pass(1000);
        cluster.seen.clear();
        cluster.register(last);
        assertThat(cluster.seen).contains(new Effect.PublishStore(last.info()));
        cluster.seen.clear();
        cluster.register(last);
        assertThat(cluster.seen).noneMatch(Effect.PublishStore.class::isInstance);
    }

    @Test
    void aKnownStartThatTellsAnotherAddressIsPublished() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        StoreInfo before = cluster.store(2).info();
        StoreInfo moved = new StoreInfo(before.ref(), before.server(), "elsewhere", before.port(), "/other");
        cluster.seen.clear();
        cluster.step(new Event.StoreRegistered(moved, new StoreSpace(1 << 30, 0, 1 << 30, 0)));

        assertThat(cluster.seen).contains(new Effect.PublishStore(moved));
    }

    @Test
    void aStoreThatComesBackGetsRowsThatItHasDataOfFirst() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        InMemoryStore last = cluster.store(cluster.members(0).get(2));
        cluster.kill(last.number);
        cluster.pass(2000);
        Set<Integer> before = Set.copyOf(last.rows.keySet());
        cluster.restart(last.number);
        cluster.pass(30_000);

        int copiedWhole = 0;
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            copiedWhole += cluster.members(row).contains(last.number) && !before.contains(row) ? 1 : 0;
        }
        assertThat(copiedWhole).isLessThanOrEqualTo(1);
        assertThat(cluster.columnsByStore().get(last.number)).isBetween(9, 12);
    }

    @Test
    void stepsDownWhenAStoreKnowsANewerLeader() {
        InMemoryCluster cluster = InMemoryCluster.placed(3);
        cluster.step(new Event.GrantFailed(cluster.store(1).ref(), 1, CallFailure.FENCED));

        assertThat(cluster.steppedDown).isTrue();
    }
}
