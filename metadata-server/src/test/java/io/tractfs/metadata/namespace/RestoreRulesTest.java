package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.LINEAGE;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static io.tractfs.metadata.namespace.TestNamespace.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RestoreRulesTest {
    private static final Lineage LOST = new Lineage(new UUID(8, 8));
    private static final Lineage NEW = new Lineage(new UUID(7, 7));
    private static final StoreId STORE = new StoreId(new UUID(3, 3));

    private final TestNamespace namespace = new TestNamespace();

    private ClusterCommand.Restore restore() {
        return new ClusterCommand.Restore(
                NEW, List.of(new ClusterCommand.SeenEpoch(new Epoch(70_000), LOST)), 5_000, 900, List.of());
    }

    private static ClusterCommand.Restore restoreThatSaw(int epoch, StoreId... givenUp) {
        return new ClusterCommand.Restore(
                NEW, List.of(new ClusterCommand.SeenEpoch(new Epoch(epoch), LOST)), 5_000, 900, List.of(givenUp));
    }

    private void markRestored(String... without) {
        NamespaceState.markRestored(namespace.store, List.of(without));
        namespace.state.reload();
    }

    @Test
    void isRefusedWhereNothingWasRestored() {
        assertRefused(namespace.system(restore()), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void liftsTheEpochAboveAllThatStoresSawAndTakesThatIntoTheHistory() {
        markRestored();
        assertThat(namespace.state.isRestoring()).isTrue();

        Result taken = namespace.system(restore());

        Epoch epoch = new Epoch(70_000 + 65_536);
        assertThat(taken).isEqualTo(new Result.EpochTaken(epoch, namespace.state.appliedIndex()));
        assertThat(namespace.state.epochs())
                .containsExactly(
                        new EpochRecord(new Epoch(1), LINEAGE, 1),
                        new EpochRecord(new Epoch(70_000), LOST, 5_000),
                        new EpochRecord(epoch, NEW, 5_000));
        assertThat(namespace.create(ALICE, "/tmp/f").segments().get(0).blob().epoch())
                .isEqualTo(epoch);
    }

    @Test
    void appendsNothingToWhatWasWrittenBefore() {
        namespace.file(ALICE, "/tmp/f", 100);
        markRestored();
        namespace.system(restore());

        FileStatus open = opened(namespace.run(ALICE, new FileCommand.Append("/tmp/f", false)));

        assertThat(open.segments()).hasSize(2);
        assertThat(open.segments().get(0).ended()).isTrue();
    }

    @Test
    void beginsTheGarbageLogBehindEveryCursorAndAgainWhenItIsConfirmed() {
        namespace.file(ALICE, "/tmp/f", 100);
        namespace.run(ALICE, new FileCommand.Delete("/tmp/f", false));
        markRestored();
        namespace.system(restore());
        assertThat(namespace.state.garbageStart()).isEqualTo(902 + (1L << 32));
        assertThat(namespace.state.garbage(0, 10)).isEmpty();
        assertThat(namespace.state.areDeletesHeld()).isTrue();

        namespace.system(new ClusterCommand.AllowDeletes());

        assertThat(namespace.state.areDeletesHeld()).isFalse();
        assertThat(namespace.state.garbageStart()).isEqualTo(903 + (1L << 32));
    }

    @Test
    void endsWithTheFloorsThatStoresProveUnderItsOwnEpochOnly() {
        markRestored();
        namespace.system(restore());
        assertRefused(end(new Epoch(1), LINEAGE), ErrorCode.STALE_EPOCH);
        assertThat(namespace.state.isRestoring()).isTrue();

        assertThat(end(new Epoch(70_000 + 65_536), NEW)).isEqualTo(Result.DONE);

        assertThat(namespace.state.isRestoring()).isFalse();
        assertThat(namespace.state.floors()[7]).isEqualTo(5);
    }

    private Result end(Epoch epoch, Lineage lineage) {
        return namespace.system(new ClusterCommand.EndRestore(new ClusterCommand.CommitFloors(
                epoch, lineage, List.of(new ClusterCommand.RowFloor(7, new RowVersion(5))))));
    }

    @Test
    void anotherLeaderGoesOnUnderTheNextEpochUnlessAStoreHasSeenAHigherOne() {
        markRestored();
        namespace.system(restoreThatSaw(70_000));
        Epoch lifted = new Epoch(70_000 + 65_536);

        assertThat(namespace.system(restoreThatSaw(lifted.value())))
                .isEqualTo(new Result.EpochTaken(new Epoch(lifted.value() + 1), namespace.state.appliedIndex()));
        assertThat(namespace.system(restoreThatSaw(300_000)))
                .isEqualTo(new Result.EpochTaken(new Epoch(300_000 + 65_536), namespace.state.appliedIndex()));
    }

    @Test
    void aCopyOfANamespaceThatWasRestoredIsLiftedAnew() {
        markRestored();
        namespace.system(restoreThatSaw(1));
        Epoch epoch = new Epoch(1 + 65_536);
        assertThat(end(epoch, NEW)).isEqualTo(Result.DONE);
        markRestored();

        assertThat(namespace.system(restoreThatSaw(1)))
                .isEqualTo(new Result.EpochTaken(new Epoch(epoch.value() + 65_536), namespace.state.appliedIndex()));
    }

    @Test
    void aWriterOfTheLostFutureStaysBelowTheGenerationOfAFileThatWasOpenInTheCopy() {
        FileStatus open = namespace.create(ALICE, "/tmp/open");
        FileStatus closed = namespace.file(ALICE, "/tmp/closed", 100);
        markRestored();
        namespace.system(restore());

        Result recovering = namespace.run(ALICE, new FileCommand.RecoverLease("/tmp/open"));

        assertThat(((Result.Recovering) recovering).status().generation().value())
                .isGreaterThanOrEqualTo(open.generation().value() + RestoreRules.GENERATION_LIFT);
        assertThat(opened(namespace.run(ALICE, new FileCommand.Append("/tmp/closed", false)))
                        .generation())
                .isEqualTo(closed.generation().next());
    }

    @Test
    void changesOfReplicationHaveNumbersAboveThoseOfTheLostFuture() {
        namespace.file(ALICE, "/tmp/under-way", 100);
        namespace.file(ALICE, "/tmp/later", 100);
        namespace.run(ALICE, new FileCommand.SetReplication("/tmp/under-way", 1));
        markRestored();
        namespace.system(restore());
        namespace.run(ALICE, new FileCommand.SetReplication("/tmp/later", 1));

        for (String path : List.of("/tmp/under-way", "/tmp/later")) {
            SegmentChange change = namespace.status(path).segments().get(0).change();
            assertThat(change.isUnderWay()).as(path).isTrue();
            assertThat(change.number()).as(path).isGreaterThan(1 << 16);
        }
        namespace.file(ALICE, "/tmp/fresh", 100);
        namespace.run(ALICE, new FileCommand.SetReplication("/tmp/fresh", 1));
        assertThat(namespace.status("/tmp/fresh").segments().get(0).change().number())
                .isEqualTo(1);
    }

    @Test
    void givesUpTheStoresThatWillNotComeBackByCommand() {
        StoreId other = new StoreId(new UUID(4, 4));
        namespace.system(new ClusterCommand.RegisterStore(STORE, new Incarnation(1), "tract-1", 0));
        namespace.system(new ClusterCommand.RegisterStore(other, new Incarnation(1), "tract-2", 0));
        markRestored("tract-1");
        assertThat(namespace.state.restoredWithout()).containsExactly("tract-1");
        assertThat(namespace.state.stores().values()).noneMatch(StoreRegistration::givenUp);

        namespace.system(restoreThatSaw(1, STORE));

        assertThat(namespace.state.stores().values())
                .filteredOn(StoreRegistration::givenUp)
                .extracting(StoreRegistration::store)
                .containsExactly(STORE);
    }
}
