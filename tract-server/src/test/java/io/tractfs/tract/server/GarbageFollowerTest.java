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
import java.util.Map;
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
    void removesWhatTheLogNamesThoughItStoppedForConfirmationAndKeepsItsCursor() throws Exception {
        holdMany();
        log.start = 50;
        follower.follow(log, 60);
        hold(1_000);
        hold(1_001);
        log.removeAt(60, 1_000);
        follower.follow(log, 60);
        log.removeAt(61, 1_001);
        follower.follow(log, 61);

        assertThat(held()).hasSize(2 * GarbageFollower.FEW).doesNotContain(1_000L, 1_001L);
        assertThat(ledger.garbageCursor())
                .as("a start goes on from where it stopped")
                .isZero();
        assertThat(follower.reported()).isZero();
    }

    @Test
    void goesOnWithItsQuestionsWhereOneFailed() throws Exception {
        for (long blob = 1; blob <= 2_500; blob++) {
            hold(blob);
        }
        log.unknown.addAll(List.of(1L, 2_500L));
        log.start = 50;
        log.failingAfter = 2;
        assertThatThrownBy(() -> follower.follow(log, 60)).isInstanceOf(TractException.class);
        assertThat(held()).hasSize(1000);

        follower.follow(log, 60);

        assertThat(log.questions).as("pages asked about, and one that failed").isEqualTo(4);
        assertThat(tracts.blobs(null, 3_000)).hasSize(2_498);
    }

    @Test
    void doesNotAskAboutItsBlobsWhileARestoreIsUnconfirmed() throws Exception {
        hold(1);
        log.held = true;
        follower.begin(50);

        follower.ask(log, true);

        assertThat(log.questions).isZero();
        assertThat(follower.mustAsk()).isFalse();
    }

    @Test
    void readsOnlySomePagesOfALongLogInOneCall() throws Exception {
        long head = 1000L * GarbageFollower.MOST_PAGES + 1500;
        for (long blob = 1; blob <= head; blob++) {
            log.remove(blob);
        }
        follower.follow(log, head);
        assertThat(log.asked).hasSize(GarbageFollower.MOST_PAGES);
        assertThat(follower.reported()).isZero();

        follower.follow(log, head);

        assertThat(follower.reported()).isEqualTo(head);
    }

    // Sessions that come faster than the log can be followed must not keep it from its end.
    @Test
    void comesToTheEndOfTheLogThoughASessionBeginsBeforeEachCall() throws Exception {
        long head = 1000L * GarbageFollower.MOST_PAGES + 1500;
        for (long blob = 1; blob <= head; blob++) {
            log.remove(blob);
        }
        for (int call = 0; call < 3; call++) {
            sessions++;
            follower.follow(log, head);
        }
        assertThat(ledger.garbageCursor()).isEqualTo(head);
        for (int call = 0; call < 3 * GarbageFollower.MOST_PAGES; call++) {
            follower.follow(log, head);
        }
        assertThat(follower.reported()).isEqualTo(head);
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
        private int questions;
        /** Questions that are answered before one fails. */
        private int failingAfter = Integer.MAX_VALUE;

        void removeAt(long sequence, long blob) {
            entries.add(new Removed(sequence, new BlobId(blob)));
        }

        void remove(long blob) {
            entries.add(new Removed(entries.size() + 1, new BlobId(blob)));
        }

        @Override
        public Map<BlobId, End> ends(List<BlobId> blobs) {
            return Map.of();
        }

        @Override
        public Page page(long after) {
            asked.add(after);
            return new Page(
                    entries.stream()
                            .filter(entry -> entry.sequence() > after)
                            .limit(1000)
                            .toList(),
                    start,
                    held);
        }

        @Override
        public List<BlobId> unknown(List<BlobId> blobs) throws TractException {
            if (questions++ == failingAfter) {
                throw new TractException(ErrorCode.DEADLINE_EXCEEDED, "no answer");
            }
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
