package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The orders of events that break a careless change of membership, at the leader; docs/testing.md lists all of them. */
class MembershipInterleavingsTest {
    @Test
    void a1KeepsTheMembershipOfARowWhoseHoldersAreAllGone() {
        InMemoryCluster cluster = InMemoryCluster.placed(6);
        List<Integer> members = cluster.members(0);
        Row before = cluster.row(0);
        cluster.lost = effect -> effect instanceof Effect.SendProposal;
        members.forEach(cluster::kill);
        cluster.lost = effect -> false;
        cluster.pass(5000);

        assertThat(cluster.row(0).version()).isEqualTo(before.version());
        assertThat(cluster.row(0).columns()).isEqualTo(before.columns());
        assertThat(cluster.row(0).isFrozen(1)).isTrue();
        assertThat(cluster.row(0).isFrozen(3)).isTrue();

        members.forEach(cluster::restart);
        cluster.pass(1000);
        assertThat(cluster.isWholeInSync(0)).isTrue();
        assertThat(cluster.members(0)).isEqualTo(members);
    }

    @Test
    void a2FreezesAClassWhoseOnlyHolderIsGoneAndTakesItBack() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        int first = cluster.members(0).get(0);
        RowVersion version = cluster.floors[0];
        cluster.kill(first);
        cluster.pass(1000);

        Row row = cluster.row(0);
        assertThat(row.isFrozen(1)).isTrue();
        assertThat(row.isFrozen(2)).isFalse();
        assertThat(row.waiting())
                .containsExactly(new Waiting(cluster.store(first).id(), version, new ClassSet(0b001)));

        cluster.restart(first);
        cluster.pass(1000);
        assertThat(cluster.members(0).get(0)).isEqualTo(first);
        assertThat(cluster.isWholeInSync(0)).isTrue();
    }

    @Test
    void a3DoesNotTakeAMemberOfOneClassForAHolderOfAnother() {
        InMemoryCluster cluster = InMemoryCluster.placed(5);
        List<Integer> members = cluster.members(0);
        cluster.lead();
        for (InMemoryStore store : cluster.stores.values()) {
            if (store.number == members.get(0) || store.number == members.get(1)) {
                store.running = false;
            } else {
                cluster.register(store);
            }
        }
        cluster.pass(6000);

        Row row = cluster.row(0);
        assertThat(row.isFrozen(1)).isTrue();
        assertThat(row.isFrozen(2)).isTrue();
        assertThat(row.isFrozen(3)).isFalse();
        cluster.restart(members.get(0));
        cluster.restart(members.get(1));
        cluster.pass(3000);
        assertThat(cluster.isWholeInSync(0)).isTrue();
    }

    @Test
    void a4StateAcrossAGapInMembershipIsNotKept() {
        InMemoryCluster cluster = InMemoryCluster.placed(3);
        int last = cluster.members(0).get(2);
        cluster.store(last).frozen = true;
        cluster.pass(4000);
        assertThat(cluster.members(0)).contains(0);

        cluster.stores.values().forEach(store -> store.reconciles = false);
        cluster.store(last).frozen = false;
        cluster.pass(1000);
        assertThat(cluster.members(0).get(2)).isEqualTo(last);
        assertThat(cluster.held(0, last)).isEqualTo(ClassSet.EMPTY);
    }

    @Test
    void a7IgnoresAReportForAnotherVersionThanTheRows() {
        InMemoryCluster cluster = InMemoryCluster.placed(3);
        InMemoryStore last = cluster.store(cluster.members(0).get(2));
        RowVersion before = cluster.floors[0];
        last.reconciles = false;
        last.rows.clear();
        cluster.restart(last.number);
        cluster.pass(500);
        cluster.step(new Event.HeldReported(last.ref(), List.of(new Event.HeldState(0, before, new ClassSet(0b100)))));
        assertThat(cluster.held(0, last.number)).isEqualTo(ClassSet.EMPTY);

        cluster.step(new Event.HeldReported(
                last.ref(), List.of(new Event.HeldState(0, cluster.floors[0], new ClassSet(0b100)))));
        assertThat(cluster.held(0, last.number)).isEqualTo(new ClassSet(0b100));
    }

    @Test
    void a9IgnoresAnOlderIncarnation() {
        InMemoryCluster cluster = InMemoryCluster.placed(3);
        cluster.restart(1);
        cluster.pass(500);
        Map<Integer, Row> before = Map.copyOf(cluster.table);
        InMemoryStore clone = new InMemoryStore(1);
        cluster.step(new Event.StoreRegistered(clone.info(), StoreSpace.NONE));
        cluster.step(new Event.Heartbeat(clone.ref(), StoreSpace.NONE, false, "disk failed"));
        cluster.pass(500);

        assertThat(cluster.table).isEqualTo(before);
    }

    @Test
    void a10SupersedesAProposalOfAnOlderLeaderThatOneStoreAccepted() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        Row row = cluster.row(0);
        int first = cluster.members(0).get(0);
        RowVersion stray = RowVersion.of(new Epoch(1), 99);
        cluster.store(first)
                .accept(new Effect.ProposedRow(
                        new Row(0, stray, row.columns(), List.of()), cluster.floors[0], ClassSet.EMPTY));
        cluster.lead();
        cluster.stores.values().forEach(cluster::register);
        cluster.pass(500);

        assertThat(cluster.floors[0].isAfter(stray)).isTrue();
        assertThat(cluster.isWholeInSync(0)).isTrue();
    }

    @Test
    void a10SupersedesAVersionThatAClientWasRefusedWith() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        cluster.lead();
        cluster.pass(500);
        InMemoryStore first = cluster.store(cluster.members(0).get(0));
        RowVersion stray = RowVersion.of(new Epoch(1), 1000);
        RowVersion before = cluster.floors[0];
        cluster.step(new Event.Complaint(first.ref(), List.of(0), before, RowVersion.of(new Epoch(9), 1), false));
        assertThat(cluster.floors[0]).isEqualTo(before);
        cluster.step(new Event.Complaint(first.ref(), List.of(0), before, stray, false));

        assertThat(cluster.floors[0].isAfter(before)).isTrue();
    }

    @Test
    void a11AReplacementThatDoesNotAcceptIsSupersededByAVacantColumn() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        List<Integer> members = cluster.members(0);
        int outside = 10 - members.stream().mapToInt(Integer::intValue).sum();
        cluster.store(outside).hungOverProposals = true;
        cluster.kill(members.get(2));
        assertThat(cluster.members(0)).isEqualTo(members);

        cluster.pass(800);
        assertThat(cluster.members(0)).containsExactly(members.get(0), members.get(1), 0);
    }

    @Test
    void a12FewerStoresThanColumnsLeaveAColumnVacantAndItIsFilledAgain() {
        InMemoryCluster cluster = InMemoryCluster.placed(3);
        int last = cluster.members(0).get(2);
        cluster.kill(last);
        assertThat(cluster.members(0).get(2)).isZero();

        cluster.restart(last);
        cluster.pass(1000);
        assertThat(cluster.members(0).get(2)).isEqualTo(last);
        assertThat(cluster.isWholeInSync(0)).isTrue();
    }

    @Test
    void a12AnAnnouncedRestartMovesNoData() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        List<Integer> members = cluster.members(0);
        int last = members.get(2);
        cluster.store(last).leaving = true;
        cluster.pass(100);
        cluster.kill(last);
        assertThat(cluster.members(0).get(2)).isZero();
        cluster.pass(3000);
        assertThat(cluster.members(0).get(2)).isZero();

        cluster.store(last).leaving = false;
        cluster.restart(last);
        cluster.pass(1000);
        assertThat(cluster.members(0)).isEqualTo(members);
    }

    @Test
    void a13AComplaintThatOutlivesTheDeathTimeRemovesTheMemberFromTheRow() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        InMemoryStore last = cluster.store(cluster.members(0).get(2));
        for (int i = 0; i < 5; i++) {
            cluster.step(new Event.Complaint(last.ref(), List.of(0), cluster.floors[0], RowVersion.NONE, true));
            cluster.pass(600);
        }

        assertThat(cluster.members(0)).doesNotContain(last.number, 0);
        assertThat(cluster.columnsByStore().get(last.number)).isGreaterThan(5);
    }

    @Test
    void a13AComplaintAboutTheOnlyHolderOfAClassDoesNotFreezeIt() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        InMemoryStore first = cluster.store(cluster.members(0).get(0));
        for (int i = 0; i < 5; i++) {
            cluster.step(new Event.Complaint(first.ref(), List.of(0), cluster.floors[0], RowVersion.NONE, true));
            cluster.pass(600);
        }

        assertThat(cluster.members(0).get(0)).isEqualTo(first.number);
    }

    @Test
    void a14OrdersARowEmptiedOnlyAfterItsFloorIsCommitted() {
        InMemoryCluster cluster = InMemoryCluster.placed(4);
        List<Integer> members = cluster.members(0);
        InMemoryStore last = cluster.store(members.get(2));
        cluster.kill(last.number);
        assertThat(cluster.members(0)).doesNotContain(last.number);
        cluster.seen.clear();
        cluster.restart(last.number);
        cluster.pass(30_000);

        Set<RowVersion> committed = new HashSet<>(List.of(cluster.floors));
        boolean any = false;
        for (Effect effect : cluster.seen) {
            if (effect instanceof Effect.CommitFloors commit) {
                committed.addAll(commit.floors().values());
            } else if (effect instanceof Effect.SendPublish publish) {
                assertThat(committed).containsAll(publish.empties().values());
                any |= !publish.empties().isEmpty();
            }
        }
        assertThat(any).isTrue();
        for (int row = 0; row < InMemoryCluster.ROWS; row++) {
            InMemoryStore.@Nullable Held held = last.rows.get(row);
            boolean holds = held != null && held.row().columnOf(last.id()) >= 0;
            assertThat(holds).isEqualTo(cluster.members(row).contains(last.number));
        }
    }
}
