package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.LAYOUT;
import static io.tractfs.metadata.namespace.TestNamespace.LINEAGE;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.atIndex;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClusterRulesTest {
    private static final long COPY = 1L << 40;
    private static final StoreId STORE = new StoreId(new UUID(3, 3));
    private static final Lineage OTHER = new Lineage(new UUID(8, 8));

    private final TestNamespace namespace = new TestNamespace();

    @Test
    void isFormattedOnce() {
        assertThat(namespace.state.layout()).contains(LAYOUT);
        assertRefused(namespace.system(new ClusterCommand.Format(LAYOUT, "eve")), ErrorCode.ALREADY_EXISTS);
    }

    @Test
    void givesEachLeadershipTheNextEpochAndItsOwnBlobIds() {
        long before = namespace.state.appliedIndex();
        Result taken = namespace.system(new ClusterCommand.TakeEpoch(OTHER));
        assertThat(taken).isEqualTo(new Result.EpochTaken(new Epoch(2), before + 1));
        assertThat(namespace.state.epochs())
                .containsExactly(
                        new EpochRecord(new Epoch(1), LINEAGE, 1), new EpochRecord(new Epoch(2), OTHER, before + 1));
        FileStatus file = namespace.create(ALICE, "/tmp/f");
        assertThat(file.segments().get(0).blob().epoch()).isEqualTo(new Epoch(2));
    }

    @Test
    void registersOnlyGrowingIncarnations() {
        assertThat(register(1, "tract-1")).isEqualTo(Result.DONE);
        assertThat(register(1, "tract-1")).isEqualTo(Result.DONE);
        assertRefused(register(1, "tract-2"), ErrorCode.STALE_INCARNATION);
        assertThat(register(3, "tract-2")).isEqualTo(Result.DONE);
        assertRefused(register(2, "tract-2"), ErrorCode.STALE_INCARNATION);
        assertThat(namespace.state.stores())
                .containsEntry(STORE, new StoreRegistration(STORE, new Incarnation(3), "tract-2", false));
    }

    @Test
    void countsARemovedStoreAgainWhenItRegisters() {
        assertRefused(namespace.system(new ClusterCommand.RemoveStore(STORE)), ErrorCode.UNKNOWN_STORE);
        register(1, "tract-1");
        namespace.system(new ClusterCommand.RemoveStore(STORE));
        assertThat(namespace.state.stores().values()).allMatch(StoreRegistration::removed);
        register(2, "tract-1");
        assertThat(namespace.state.stores().values()).noneMatch(StoreRegistration::removed);
    }

    private Result register(long incarnation, String server) {
        return namespace.system(new ClusterCommand.RegisterStore(STORE, new Incarnation(incarnation), server, 0));
    }

    /** P7: each start begins above every number that the one before gave out. */
    @Test
    void remembersTheWriteSequenceOfEachStartAndTellsAStartOfAnOldCopy() {
        assertThat(seenAfter(1, 0)).isZero();
        assertThat(seenAfter(2, 100)).isEqualTo(100);
        assertThat(seenAfter(2, 170)).as("the same start, with another leader").isEqualTo(170);
        assertThat(seenAfter(3, 200)).isEqualTo(200);
        assertThat(seenAfter(4, 200)).as("a copy from before start 3").isEqualTo(200 + COPY);
        assertThat(seenAfter(4, 200)).as("it asks again").isEqualTo(200 + COPY);
        assertThat(seenAfter(5, 100)).as("a copy from before start 2").isEqualTo(200 + 2 * COPY);
        assertThat(seenAfter(5, 203 + 2 * COPY)).as("it went on above that").isEqualTo(203 + 2 * COPY);
        namespace.system(new ClusterCommand.MarkStore(STORE, ClusterCommand.StoreMark.DRAIN));
        assertThat(seen()).isEqualTo(203 + 2 * COPY);
    }

    private long seenAfter(long incarnation, long sequence) {
        namespace.system(new ClusterCommand.RegisterStore(STORE, new Incarnation(incarnation), "tract-1", sequence));
        return seen();
    }

    private long seen() {
        return Objects.requireNonNull(namespace.state.stores().get(STORE)).writeSequence();
    }

    @Test
    void raisesFloorsUnderThePresentLeadershipOnly() {
        assertThat(commit(1, LINEAGE, 7, 5)).isEqualTo(Result.DONE);
        assertThat(commit(1, LINEAGE, 7, 4)).isEqualTo(Result.DONE);
        assertThat(namespace.state.floors()[7]).isEqualTo(5);
        assertRefused(commit(1, OTHER, 7, 6), ErrorCode.STALE_EPOCH);
        namespace.system(new ClusterCommand.TakeEpoch(OTHER));
        assertRefused(commit(1, LINEAGE, 7, 6), ErrorCode.STALE_EPOCH);
        assertRefused(commit(2, OTHER, 64, 6), ErrorCode.INVALID_ARGUMENT);
        assertThat(namespace.state.floors()).hasSize(64).contains(5, atIndex(7));
    }

    private Result commit(int epoch, Lineage lineage, int row, long version) {
        return namespace.system(new ClusterCommand.CommitFloors(
                new Epoch(epoch), lineage, List.of(new ClusterCommand.RowFloor(row, new RowVersion(version)))));
    }

    @Test
    void trimsTheGarbageLogAtItsStart() {
        for (int i = 0; i < 5; i++) {
            namespace.file(ALICE, "/tmp/f", 1);
            namespace.run(ALICE, new FileCommand.Delete("/tmp/f", false));
        }
        namespace.system(new ClusterCommand.TrimGarbage(3));
        assertThat(namespace.state.garbageStart()).isEqualTo(4);
        assertThat(namespace.state.garbage(0, 10))
                .extracting(ClusterRecords.Garbage::sequence)
                .containsExactly(4L, 5L);
        namespace.system(new ClusterCommand.TrimGarbage(2));
        namespace.system(new ClusterCommand.TrimGarbage(100));
        assertThat(namespace.state.garbageStart()).isEqualTo(6);
        assertThat(namespace.state.garbageHead()).isEqualTo(5);
        assertThat(namespace.state.garbage(5, 10)).isEmpty();
    }
}
