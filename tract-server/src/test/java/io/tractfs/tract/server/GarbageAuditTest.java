package io.tractfs.tract.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.TractStorage.TractWrite;
import io.tractfs.tract.store.memory.InMemoryRowLedger;
import io.tractfs.tract.store.memory.InMemoryTractStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GarbageAuditTest {
    private static final StoreRef A = new StoreRef(new StoreId(new UUID(0, 1)), new Incarnation(1));
    private static final int ROWS = 16;
    private static final long WEEK = 1_000;
    private static final long REMOVED = 77;

    private final InMemoryTractStorage tracts = new InMemoryTractStorage(ROWS, 1 << 30);
    private final InMemoryRowLedger ledger = new InMemoryRowLedger();
    private final FakeLog log = new FakeLog();
    private boolean recovering;
    private GarbageFollower follower;
    private GarbageAudit audit;

    @BeforeEach
    void open() throws TractException {
        follower = new GarbageFollower(
                A, tracts, ledger, () -> recovering, () -> 0, row -> true, new Tombstones(ledger), false);
        audit = new GarbageAudit(A, tracts, follower, WEEK, WEEK);
    }

    // Its writer had not heard of the delete.
    @Test
    void removesWhatWasWrittenAfterItWasRemoved() throws Exception {
        hold(1);
        hold(REMOVED);
        follower.follow(log, 1);
        hold(REMOVED);
        follower.follow(log, 1);
        assertThat(held()).containsExactly(1L, REMOVED);

        round(WEEK);

        assertThat(held()).containsExactly(1L);
    }

    @Test
    void asksOnceInAnInterval() throws Exception {
        hold(1);
        follower.follow(log, 1);

        round(WEEK - 1);
        assertThat(log.asked).isEmpty();
        round(WEEK);
        assertThat(log.asked).containsExactly(1L);
        round(2 * WEEK - 1);
        assertThat(log.asked).containsExactly(1L);
        round(2 * WEEK);
        assertThat(log.asked).containsExactly(1L, 1L);
    }

    @Test
    void asksNothingWhileTheStoreIsRecovering() throws Exception {
        hold(1);
        follower.follow(log, 1);
        recovering = true;

        round(WEEK);

        assertThat(log.asked).isEmpty();
    }

    // A restored namespace may refer to what its predecessor had removed (P30).
    @Test
    void keepsWhatTheNamespaceKnowsByTheEndOfARound() throws Exception {
        hold(1);
        follower.follow(log, 1);
        hold(REMOVED);
        audit.step(log, WEEK);
        log.unknown.clear();

        round(WEEK);

        assertThat(held()).containsExactly(1L, REMOVED);
    }

    @Test
    void removesNothingWhereSoMuchIsUnknownThatAnOperatorHasToConfirm() throws Exception {
        follower.follow(log, 1);
        for (long blob = 1; blob <= GarbageFollower.FEW + 1; blob++) {
            hold(blob);
            log.unknown.add(blob);
        }

        round(WEEK);
        assertThat(held()).hasSize(GarbageFollower.FEW + 1);

        log.unknown.remove(1L);
        log.unknown.remove(2L);
        round(2 * WEEK);
        assertThat(held())
                .as("the log is followed, and the next round asks again")
                .containsExactly(1L, 2L);
    }

    private void round(long nowMs) throws Exception {
        for (int step = 0; step < 4; step++) {
            audit.step(log, nowMs);
        }
    }

    private List<Long> held() throws TractException {
        return tracts.blobs(null, 1000).stream().map(BlobId::value).toList();
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

    /** One blob was removed. */
    private static final class FakeLog implements GarbageLog {
        private final List<Long> asked = new ArrayList<>();
        private final Set<Long> unknown = new HashSet<>(Set.of(REMOVED));

        @Override
        public Page page(long after) {
            List<Removed> entries = after > 0 ? List.of() : List.of(new Removed(1, new BlobId(REMOVED)));
            return new Page(entries, 1, false);
        }

        @Override
        public List<BlobId> unknown(List<BlobId> blobs) {
            blobs.forEach(blob -> asked.add(blob.value()));
            return blobs.stream().filter(blob -> unknown.contains(blob.value())).toList();
        }

        @Override
        public List<BlobId> wanted(List<BlobId> trashed) {
            return List.of();
        }

        @Override
        public Map<BlobId, End> ends(List<BlobId> blobs) {
            return Map.of();
        }
    }
}
