package io.tractfs.client.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.RowVersion;
import io.tractfs.table.Member;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SegmentWriterTest {
    private static final int SEEDS = 300;

    @Test
    void acknowledgesWhatEveryMemberHas() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        for (int i = 0; i < 10; i++) {
            simulation.append(100, false);
        }
        simulation.run(() -> false);
        assertThat(simulation.writer.acknowledgedLength()).isEqualTo(simulation.appended);
        assertThat(simulation.kept).isEmpty();
        assertThat(simulation.writer.syncedLength()).isZero();
        assertThat(simulation.writer.nextTickMs()).isEmpty();
    }

    @Test
    void syncsWhatWasAcknowledgedAndForgottenBefore() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        while (simulation.appended < 40 * WriteSimulation.TRACT + 10) {
            simulation.append(100, false);
        }
        simulation.run(() -> false);
        simulation.step(new WriteEvent.SyncAll());
        simulation.run(() -> false);
        assertThat(simulation.writer.syncedLength()).isEqualTo(simulation.appended);
    }

    @Test
    void sendsTheSyncWithTheLastPacket() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        simulation.append(100, true);
        assertThat(simulation.writer.syncedLength()).isZero();
        simulation.run(() -> false);
        assertThat(simulation.writer.syncedLength()).isEqualTo(100);
        assertThat(simulation.now).as("one round trip").isLessThan(10);
    }

    @Test
    void complainsAndGoesOnWithTheReplacementWhenAMemberDies() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        simulation.append(100, false);
        int row = simulation.cluster.rowOf(simulation.target.tract(0));
        Member victim =
                Objects.requireNonNull(simulation.cluster.row(row).columns().at(1));
        simulation.cluster.store(victim.ref()).dead = true;
        simulation.run(() -> !simulation.complaints.isEmpty());
        assertThat(simulation.complaints.get(0).code()).isEqualTo(ErrorCode.CONNECT_FAILED);
        assertThat(simulation.complaints.get(0).member()).isEqualTo(victim.ref());
        assertThat(simulation.writer.acknowledgedLength()).isZero();
        simulation.cluster.replace(row, 1, simulation.cluster.stores.get(5));
        simulation.run(() -> false);
        assertThat(simulation.writer.acknowledgedLength()).isEqualTo(100);
    }

    @Test
    void goesRoundAFrozenRowAtTheAcknowledgedLength() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        simulation.append(WriteSimulation.TRACT, false);
        simulation.append(50, false);
        simulation.run(() -> false);
        simulation.cluster.freeze(simulation.cluster.rowOf(simulation.target.tract(1)), true);
        simulation.append(50, false);
        simulation.run(() -> simulation.movedAt >= 0);
        assertThat(simulation.movedAt).isEqualTo(WriteSimulation.TRACT + 50);
        assertThat(simulation.kept).hasSize(1);
    }

    // A store that alone holds what nobody else does stays a member though it has no space.
    @Test
    void goesRoundARowWhoseMemberHasNoSpaceAndIsNotReplaced() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        simulation.append(50, false);
        simulation.run(() -> false);
        Member first = Objects.requireNonNull(simulation
                .cluster
                .row(simulation.cluster.rowOf(simulation.target.tract(0)))
                .columns()
                .at(0));
        simulation.cluster.store(first.ref()).full = true;
        simulation.append(50, false);
        simulation.run(() -> simulation.movedAt >= 0);
        assertThat(simulation.movedAt).isEqualTo(50);
        assertThat(simulation.complaints).isNotEmpty();
        simulation.cluster.store(first.ref()).full = false;
        simulation.run(() -> false);
        assertThat(simulation.writer.acknowledgedLength()).isEqualTo(50);
    }

    /** Once a member had no space for a moment; what holds the tract up later is something else. */
    @Test
    void forgetsThatAMemberHadNoSpaceOnceItHasTakenTheBytes() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        simulation.append(50, false);
        simulation.run(() -> false);
        InMemoryTractCluster.FakeStore first = simulation.cluster.store(Objects.requireNonNull(simulation
                        .cluster
                        .row(simulation.cluster.rowOf(simulation.target.tract(0)))
                        .columns()
                        .at(0))
                .ref());
        first.full = true;
        simulation.after(20, () -> first.full = false);
        simulation.append(50, false);
        simulation.run(() -> false);
        assertThat(simulation.writer.acknowledgedLength()).isEqualTo(100);
        first.dead = true;
        simulation.after(200, () -> first.dead = false);
        simulation.append(50, false);
        simulation.run(() -> false);
        assertThat(simulation.movedAt).isEqualTo(-1);
        assertThat(simulation.writer.acknowledgedLength()).isEqualTo(150);
    }

    @Test
    void waitsForAFrozenRowThatComesBackInTime() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        int row = simulation.cluster.rowOf(simulation.target.tract(0));
        simulation.append(50, false);
        simulation.cluster.freeze(row, true);
        simulation.after(30, () -> simulation.cluster.freeze(row, false));
        simulation.run(() -> false);
        assertThat(simulation.movedAt).isEqualTo(-1);
        assertThat(simulation.writer.acknowledgedLength()).isEqualTo(50);
    }

    @Test
    void failsAsExpiredWhenAnotherWriterTookOver() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        simulation.append(50, false);
        simulation.step(new WriteEvent.Refused(1, ErrorCode.GENERATION_FENCED, RowVersion.NONE, "generation 2"));
        assertThat(Objects.requireNonNull(simulation.failure).error().code()).isEqualTo(ErrorCode.LEASE_EXPIRED);
    }

    @Test
    void failsWhenNothingMovesForTheWholeRetryTime() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        simulation.append(50, false);
        simulation.cluster.stores.forEach(store -> store.dead = true);
        simulation.run(() -> simulation.failure != null);
        assertThat(simulation.now).isGreaterThanOrEqualTo(600_000);
        assertThat(Objects.requireNonNull(simulation.failure).error())
                .hasMessageContaining("row")
                .hasRootCauseMessage("dead");
    }

    /** B1: a recovery that fences the first incomplete tract and those of the window after it has fenced all there is. */
    @Test
    void b1NoTractIsBegunBeforeAllThatAreAWindowEarlierAreAcknowledged() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        int row = simulation.cluster.rowOf(simulation.target.tract(0));
        Member silent =
                Objects.requireNonNull(simulation.cluster.row(row).columns().at(1));
        simulation.cluster.store(silent.ref()).dead = true;
        while (simulation.appended < 10 * WriteSimulation.TRACT) {
            simulation.append(100, false);
        }
        simulation.after(500, () -> {});
        simulation.run(() -> simulation.now >= 500);
        assertThat(simulation.writer.acknowledgedLength()).isLessThan(WriteSimulation.TRACT);
        for (int tract = 0; tract < 10; tract++) {
            boolean begun = isBegun(simulation, tract);
            assertThat(begun).as("tract " + tract).isEqualTo(tract < simulation.target.window());
        }
    }

    /** B1: bytes of later tracts may all be acknowledged and still have to be sent again. */
    @Test
    void b1BytesAreKeptUntilAllBeforeThemAreAcknowledged() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        int row = simulation.cluster.rowOf(simulation.target.tract(0));
        Member silent =
                Objects.requireNonNull(simulation.cluster.row(row).columns().at(1));
        simulation.cluster.store(silent.ref()).dead = true;
        simulation.append(WriteSimulation.TRACT, false);
        simulation.append(50, false);
        simulation.after(500, () -> {});
        simulation.run(() -> simulation.now >= 500);
        assertThat(simulation.kept).hasSize(2);
    }

    /** A5: what a member acknowledged under an older version counts for nothing once it has come back without it. */
    @Test
    void a5AcknowledgementsOfDifferentVersionsAreNotAddedUp() {
        WriteSimulation simulation = new WriteSimulation(1, false);
        InMemoryTractCluster cluster = simulation.cluster;
        int row = cluster.rowOf(simulation.target.tract(0));
        InMemoryTractCluster.FakeStore a = member(simulation, row, 0);
        InMemoryTractCluster.FakeStore b = member(simulation, row, 1);
        InMemoryTractCluster.FakeStore c = member(simulation, row, 2);
        List<InMemoryTractCluster.FakeStore> others = cluster.stores.stream()
                .filter(store -> store != a && store != b && store != c)
                .toList();
        b.dead = true;
        c.dead = true;
        simulation.append(100, false);
        simulation.after(30, () -> {});
        simulation.run(() -> simulation.now >= 30);
        assertThat(a.bytes(simulation.target.tract(0)).cardinality()).isEqualTo(100);

        b.dead = false;
        c.dead = false;
        a.isolated = true;
        assertThat(cluster.replace(row, 0, others.get(0))).isTrue();
        cluster.reconcile(row);
        b.dead = true;
        c.dead = true;
        a.isolated = false;
        assertThat(cluster.replace(row, 1, a)).isTrue();
        cluster.reconcile(row);
        assertThat(cluster.replace(row, 2, others.get(1))).isTrue();
        assertThat(a.isHolder(row)).isTrue();
        assertThat(a.bytes(simulation.target.tract(0)).cardinality()).isZero();

        simulation.run(() -> simulation.writer.acknowledgedLength() == 100);
        assertThat(a.bytes(simulation.target.tract(0)).cardinality()).isEqualTo(100);
    }

    private static InMemoryTractCluster.FakeStore member(WriteSimulation simulation, int row, int column) {
        return simulation.cluster.store(
                Objects.requireNonNull(simulation.cluster.row(row).columns().at(column))
                        .ref());
    }

    private static boolean isBegun(WriteSimulation simulation, int tract) {
        return simulation.cluster.stores.stream()
                .anyMatch(store -> !store.bytes(simulation.target.tract(tract)).isEmpty());
    }

    /** Replay one: {@code -Dtest=SegmentWriterTest} with the printed seed in place of the loop. */
    @Test
    void keepsItsPromisesWhateverTheNetworkAndThePlansDo() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                play(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("SegmentWriterTest failed with seed " + seed, e);
            }
        }
    }

    private static void play(long seed) {
        WriteSimulation simulation = new WriteSimulation(seed, seed % 2 == 0);
        simulation.trouble = (int) (seed % 8);
        long total = 500L + simulation.random.nextInt(3_000);
        while (simulation.appended < total) {
            simulation.after(simulation.random.nextInt(400), () -> {});
            simulation.append(1 + simulation.random.nextInt(120), simulation.random.nextInt(10) == 0);
            long until = simulation.now + simulation.random.nextInt(30);
            simulation.after(until - simulation.now, () -> {});
            simulation.run(() -> simulation.now >= until);
            if (simulation.random.nextInt(12) == 0) {
                simulation.disturb();
            }
        }
        simulation.step(new WriteEvent.SyncAll());
        simulation.run(() -> simulation.writer.syncedLength() == simulation.appended);
        assertThat(simulation.failure).isNull();
        assertThat(simulation.movedAt).isEqualTo(-1);
        assertThat(simulation.writer.acknowledgedLength()).isEqualTo(simulation.appended);
        assertThat(simulation.writer.syncedLength()).isEqualTo(simulation.appended);
        assertThat(simulation.kept).isEmpty();
    }
}
