package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractStorage.TractWrite;
import io.tractfs.tract.store.memory.InMemoryRowLedger;
import io.tractfs.tract.store.memory.InMemoryTractStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GarbageFollowerTest {
    private static final int ROWS = 16;

    private final InMemoryTractStorage tracts = new InMemoryTractStorage(ROWS, 1 << 30);
    private final InMemoryRowLedger ledger = new InMemoryRowLedger();
    private final FakeLog log = new FakeLog();
    private final List<Integer> compared = new ArrayList<>();
    private boolean published = true;
    private boolean recovering;
    private long sessions;
    private GarbageFollower follower;

    @BeforeEach
    void open() throws TractException {
        follower = follower(false);
    }

    @Test
    void removesWhatTheLogNamesAndThenMovesTheCursor() throws Exception {
        hold(1);
        hold(2);
        log.remove(1);

        follower.follow(log, 1);

        assertThat(held()).containsExactly(2L);
        assertThat(ledger.garbageCursor()).isEqualTo(1);
        assertThat(follower.reported()).isEqualTo(1);
    }

    // Its predecessor may have been recovering when it ended, from a store that was behind.
    @Test
    void followsTheLogOnceMoreAfterAStartAndHoldsItBackUntilThen() throws Exception {
        log.remove(1);
        follower.follow(log, 1);
        hold(1);
        log.remove(2);

        GarbageFollower next = follower(false);
        assertThat(next.reported()).isZero();
        next.follow(log, 2);

        assertThat(held()).isEmpty();
        assertThat(next.reported()).isEqualTo(2);
        assertThat(ledger.garbageCursor()).isEqualTo(2);
    }

    @Test
    void asksAboutEveryBlobWhenTheLogBeginsBehindItsCursor() throws Exception {
        hold(1);
        hold(2);
        log.start = 50;
        log.unknown.add(1L);

        follower.follow(log, 60);

        assertThat(held()).containsExactly(2L);
    }

    // D2: a blob that was removed while the store was away must not come to life on others.
    @Test
    void hasToAskBeforeItGivesAnythingWhenTheLogBeginsBehindItsCursor() throws Exception {
        hold(1);
        hold(2);
        log.unknown.add(1L);

        follower.begin(50);
        assertThat(follower.mustAsk()).isTrue();
        follower.ask(log, true);

        assertThat(follower.mustAsk()).isFalse();
        assertThat(held()).containsExactly(2L);
        assertThat(ledger.garbageCursor()).isEqualTo(49);
    }

    // A restored namespace may refer to what is in the trash (P30).
    @Test
    void keepsItsTrashUntilItWasAskedWhatOfItIsWanted() throws Exception {
        hold(1);
        assertThat(follower.mayPurge()).isTrue();

        follower.begin(50);
        assertThat(follower.mayPurge()).isFalse();
        follower.ask(log, false);

        assertThat(follower.mayPurge()).isTrue();
        assertThat(follower.mustAsk()).isTrue();
    }

    @Test
    void asksAnewOnceAnotherCopyOfTheNamespaceWasRestored() throws Exception {
        holdMany();
        follower.begin(50);
        follower.ask(log, true);
        assertThat(follower.mustAsk()).as("much is unknown").isTrue();

        log.unknown.clear();
        follower.begin(60);
        follower.ask(log, true);

        assertThat(follower.mustAsk()).isFalse();
        assertThat(ledger.garbageCursor()).isEqualTo(59);
    }

    private void holdMany() throws TractException {
        for (long blob = 1; blob <= 2 * GarbageFollower.FEW; blob++) {
            hold(blob);
            log.unknown.add(blob);
        }
    }

    // What came back from trash may be missing at a member that joined later (P30).
    @Test
    void comparesItsRowsWhileARestoreIsUnconfirmedAndAgainWhenItIsConfirmed() throws Exception {
        hold(1);
        member(3);
        member(5);
        log.held = true;
        log.start = 50;
        published = false;
        follower.begin(50);
        follower.ask(log, true);
        follower.compare();
        assertThat(compared).isEmpty();

        published = true;
        follower.compare();
        follower.compare();
        assertThat(compared).containsExactly(3, 5);

        log.held = false;
        log.start = 51;
        follower.follow(log, 60);
        follower.compare();
        assertThat(compared).containsExactly(3, 5, 3, 5);
    }

    @Test
    void comparesNothingWhenItOnlyMissedAPartOfTheLog() throws Exception {
        hold(1);
        member(3);

        follower.begin(50);
        follower.ask(log, true);
        follower.compare();

        assertThat(compared).isEmpty();
    }

    @Test
    void asksOnlyOnceDeletingHasBegunAndGivesNothingUntilThen() throws Exception {
        hold(1);
        log.unknown.add(1L);

        follower.begin(50);
        follower.ask(log, false);

        assertThat(follower.mustAsk()).isTrue();
        assertThat(held()).containsExactly(1L);
        follower.ask(log, true);
        assertThat(follower.mustAsk()).isFalse();
        assertThat(held()).isEmpty();
    }

    @Test
    void givesNothingWhileMuchThatItHoldsWaitsForConfirmation() throws Exception {
        for (int blob = 1; blob <= GarbageFollower.FEW + 1; blob++) {
            hold(blob);
            log.unknown.add((long) blob);
        }

        follower.begin(50);
        follower.ask(log, true);

        assertThat(follower.mustAsk()).isTrue();
        assertThat(held()).hasSize(GarbageFollower.FEW + 1);
    }

    @Test
    void needNotAskAboutNothingOrIfTheLogHasAllThatItMissed() throws Exception {
        follower.begin(50);
        assertThat(follower.mustAsk()).isFalse();
        assertThat(ledger.garbageCursor()).isEqualTo(49);

        hold(1);
        follower = follower(false);
        follower.begin(50);
        assertThat(follower.mustAsk()).isFalse();
    }

    @Test
    void stopsForConfirmationWhenMuchWouldGo() throws Exception {
        for (int blob = 1; blob <= GarbageFollower.FEW + 1; blob++) {
            hold(blob);
            log.unknown.add((long) blob);
        }
        log.start = 50;

        follower.follow(log, 60);
        assertThat(held()).hasSize(GarbageFollower.FEW + 1);

        follower(true).follow(log, 60);
        assertThat(held()).isEmpty();
    }

    @Test
    void deletesFewUnknownOnesWithoutConfirmation() throws Exception {
        for (int blob = 1; blob <= GarbageFollower.FEW; blob++) {
            hold(blob);
            log.unknown.add((long) blob);
        }
        log.start = 50;

        follower.follow(log, 60);

        assertThat(held()).isEmpty();
    }

    // I4: a delete that arrives while a row is reconciled leaves a tombstone.
    @Test
    void leavesTombstonesAndHoldsTheLogBackWhileRecovering() throws Exception {
        recovering = true;
        hold(1);
        log.remove(1);

        follower.follow(log, 1);

        assertThat(new Tombstones(ledger).contains(new BlobId(1))).isTrue();
        assertThat(follower.reported()).isZero();
    }

    // I4: a source that was behind in the log may have given a blob that was deleted here long ago.
    @Test
    void followsTheLogFromItsStartOnceItIsInSyncAgain() throws Exception {
        log.remove(1);
        follower.follow(log, 1);
        recovering = true;
        follower.follow(log, 1);
        hold(1);
        recovering = false;

        follower.follow(log, 1);

        assertThat(held()).isEmpty();
        assertThat(ledger.garbageCursor()).isEqualTo(1);
    }

    // D2: a store that is in sync fetches too, to heal damage or because the replication changes.
    @Test
    void followsTheLogFromItsStartAfterASessionThatBeganAndEndedBetweenTwoLooks() throws Exception {
        log.remove(1);
        follower.follow(log, 1);
        sessions++;
        hold(1);
        assertThat(follower.reported())
                .as("the log is not trimmed before the next look")
                .isZero();

        follower.follow(log, 1);

        assertThat(held()).isEmpty();
        assertThat(follower.reported()).isEqualTo(1);
    }

    @Test
    void leavesTombstonesForASessionThatBeginsWhileItRemoves() throws Exception {
        int[] looks = {0};
        follower = new GarbageFollower(
                A, tracts, ledger, () -> looks[0]++ > 1, () -> sessions, compared::add, new Tombstones(ledger), false);
        hold(1);
        log.remove(1);

        follower.follow(log, 1);

        assertThat(held()).isEmpty();
        assertThat(new Tombstones(ledger).contains(new BlobId(1))).isTrue();
    }

    @Test
    void keepsItsCursorWhenTheStoreFails() throws Exception {
        log.remove(1);
        tracts.fail("pulled");

        assertThatThrownBy(() -> follower.follow(log, 1))
                .isInstanceOfSatisfying(
                        TractException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_FAILED));
        assertThat(ledger.garbageCursor()).isZero();
    }

    private GarbageFollower follower(boolean confirmed) throws TractException {
        return new GarbageFollower(
                A,
                tracts,
                ledger,
                () -> recovering,
                () -> sessions,
                row -> published && compared.add(row),
                new Tombstones(ledger),
                confirmed);
    }

    private List<Long> held() throws TractException {
        return tracts.blobs(null, 1000).stream().map(BlobId::value).toList();
    }

    private void member(int row) throws TractException {
        Row assigned = new Row(row, new RowVersion(1), Columns.of(new Member(A, ClassSet.ofColumn(0, 1))), List.of());
        ledger.persist(List.of(new HeldRow(assigned, ClassSet.ofColumn(0, 1), true)));
    }

    private void hold(long blob) throws TractException {
        TractId tract = new TractId(new BlobId(blob), 0);
        ByteBuffer data = ByteBuffer.wrap(new byte[10]);
        tracts.write(new TractWrite(
                tract,
                RowHash.rowOf(tract, ROWS),
                1,
                Generation.ZERO,
                0,
                Pieces.checksums(tract, 0, data),
                Unpooled.wrappedBuffer(data),
                1 << 20,
                3,
                0,
                false,
                false));
    }

    private static final class FakeLog implements GarbageLog {
        private final List<Removed> entries = new ArrayList<>();
        private final List<Long> asked = new ArrayList<>();
        private final Set<Long> unknown = new HashSet<>();
        private long start = 1;
        private boolean held;

        void remove(long blob) {
            entries.add(new Removed(entries.size() + 1, new BlobId(blob)));
        }

        @Override
        public Page page(long after) {
            asked.add(after);
            return new Page(
                    entries.stream().filter(entry -> entry.sequence() > after).toList(), start, held);
        }

        @Override
        public List<BlobId> unknown(List<BlobId> blobs) {
            return blobs.stream().filter(blob -> unknown.contains(blob.value())).toList();
        }

        @Override
        public List<BlobId> wanted(List<BlobId> trashed) {
            return trashed.stream()
                    .filter(blob -> !unknown.contains(blob.value()))
                    .toList();
        }
    }
}
