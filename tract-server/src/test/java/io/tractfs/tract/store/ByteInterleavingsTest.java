package io.tractfs.tract.store;

import static io.tractfs.tract.store.TractStorageContract.assertRefused;
import static io.tractfs.tract.store.Tracts.assertReads;
import static io.tractfs.tract.store.Tracts.reconciled;
import static io.tractfs.tract.store.Tracts.row;
import static io.tractfs.tract.store.Tracts.source;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.TractId;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.store.TractState.Span;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The interleavings of bytes, checksums and damage that break a careless store (C1 to C5), each as a script. */
class ByteInterleavingsTest {
    private static final int SYNCED = 1_000; // in the middle of the second chunk

    private final TractId tract = tract(7, 0);

    /** Ends the process in the middle of an operation. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A step of a script that may end in an I/O error. */
    private interface Action {
        void run() throws IOException;
    }

    @Test
    void c1AnUnsyncedAppendDoesNotTakeTheSyncedBytesOfItsChunkWithItWhenPowerFails() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            SimulatedStore store = new SimulatedStore(1 << 30, 4);
            write(tract, 0, SYNCED).synced().to(store.storage());
            write(tract, SYNCED, SYNCED + 5).to(store.storage());
            write(tract, SYNCED + 5, SYNCED + 500).to(store.storage());

            store.losePower(new Random(seed));

            TractState state = state(store);
            assertThat(state.length()).as("seed %s", seed).isGreaterThanOrEqualTo(SYNCED);
            assertThat(state.damaged()).as("seed %s", seed).isEmpty();
            assertReads(store.storage(), tract, 0, state.length());
            assertThat(store.storage().verify(tract).damaged()).isEmpty();
        }
    }

    @Test
    void c1AKillBetweenBytesAndChecksumLeavesTheChunkReadable() throws IOException {
        atEveryStep(step -> {
            SimulatedStore store = new SimulatedStore(1 << 30, 4);
            write(tract, 0, SYNCED).to(store.storage());
            boolean killed =
                    killedAt(store, step, () -> write(tract, SYNCED, 1_400).to(store.storage()));

            int length = state(store).length();
            assertThat(length).as("killed at step %s", step).isIn(SYNCED, 1_400);
            assertThat(state(store).damaged()).isEmpty();
            assertReads(store.storage(), tract, 0, length);
            return killed;
        });
    }

    @Test
    void c2OneBadChunkOfTheLastHolderKeepsNeitherTheOthersNorTheReplacementBack() throws IOException {
        SimulatedStore last = new SimulatedStore(1 << 30, 4);
        SimulatedStore replacement = new SimulatedStore(1 << 30, 4);
        write(tract, 0, 5_000).to(last.storage());
        last.flipBit(tract, 1_100);

        TractState source = last.storage().verify(tract);
        assertThat(source.damaged()).containsExactly(new Span(1_024, 1_536));
        copy(last, replacement, 0, 1_024);
        copy(last, replacement, 1_536, 5_000);
        replacement.storage().recordLost(source, row(tract), 1_024, 1_536);

        assertThat(state(replacement).length()).isEqualTo(5_000);
        assertReads(replacement.storage(), tract, 0, 1_024);
        assertReads(replacement.storage(), tract, 1_536, 5_000);
        assertRefused(ErrorCode.DAMAGED, () -> replacement.storage().read(tract, 1_000, 100));

        SimulatedStore stale = new SimulatedStore(1 << 30, 4);
        write(tract, 0, 2_000).version(2).to(stale.storage());
        copy(stale, replacement, 1_024, 1_536);
        assertThat(state(replacement).damaged()).isEmpty();
        assertReads(replacement.storage(), tract, 0, 5_000);
    }

    @Test
    void c3ATailIsSentAsItWasWhenLengthAndChecksumWereTakenThoughItGrowsMeanwhile() throws IOException {
        SimulatedStore store = new SimulatedStore(1 << 30, 4);
        write(tract, 0, SYNCED).to(store.storage());
        try (TractSlice slice = store.storage().read(tract, 512, 60_000)) {
            write(tract, SYNCED, SYNCED + 10).to(store.storage());
            write(tract, SYNCED + 10, 3_000).to(store.storage());

            ByteBuffer sent = bytes(slice);

            assertThat(slice.dataLength()).isEqualTo(SYNCED - 512);
            assertThat(ChunkChecksums.firstBad(tract, 1, sent, slice.checksums()))
                    .isEqualTo(-1);
        }
    }

    @Test
    void c3AFalseReportOfDamageSetsNothingAside() throws IOException {
        SimulatedStore store = new SimulatedStore(1 << 30, 4);
        for (int to = 100; to <= 2_000; to += 100) {
            write(tract, to - 100, to).to(store.storage());
            assertThat(store.storage().verify(tract).damaged()).isEmpty();
            assertReads(store.storage(), tract, 0, to);
        }
    }

    @Test
    void c4ARangeBeforeItsBaseIsOverlaidOnTheVerifiedBase() throws IOException {
        SimulatedStore recovering = new SimulatedStore(1 << 30, 4);
        write(tract, 1_300, 1_500).withRanges().to(recovering.storage());
        assertRefused(ErrorCode.GAP, () -> write(tract, 1_600, 1_700).to(recovering.storage()));

        ReconciledBytes flipped = reconciled(tract, 1_024, 1_300);
        flipped.data().put(3, (byte) (flipped.data().get(3) ^ 1));
        assertRefused(ErrorCode.CHECKSUM_MISMATCH, () -> recovering.storage().reconcile(flipped));

        recovering.storage().reconcile(reconciled(tract, 0, 1_400));
        assertThat(state(recovering).length()).isEqualTo(1_500);
        assertReads(recovering.storage(), tract, 0, 1_500);
    }

    @Test
    void c4ADifferenceWhereRangeAndBaseOverlapIsAnAlarmAndChangesNothing() throws IOException {
        SimulatedStore recovering = new SimulatedStore(1 << 30, 4);
        byte[] other = Tracts.bytes(tract, 1_300, 1_500);
        other[100] ^= 1;
        new Tracts.Builder(tract, 1_300, other).withRanges().to(recovering.storage());

        assertRefused(ErrorCode.CONFLICTING_BYTES, () -> recovering.storage().reconcile(reconciled(tract, 0, 1_450)));

        assertThat(state(recovering).length()).isZero();
        assertThat(state(recovering).ranges()).containsExactly(new Span(1_300, 1_500));
    }

    @Test
    void c4WhatIsNotInTheRangeMapAfterACrashIsMissingAndNeverWrong() throws IOException {
        atEveryStep(step -> {
            SimulatedStore store = new SimulatedStore(1 << 30, 4);
            write(tract, 1_100, 1_300).withRanges().to(store.storage());
            boolean killed = killedAt(store, step, () -> {
                write(tract, 1_300, 1_500).withRanges().to(store.storage());
                store.storage().reconcile(reconciled(tract, 0, 1_200));
            });

            TractState state = state(store);
            ByteRanges held = ByteRanges.of(0, state.length());
            for (Span span : state.ranges()) {
                held = held.plus(span.from(), span.to());
            }
            assertThat(held.minus(0, 1_024).list())
                    .as("killed at step %s: %s", step, state)
                    .isSubsetOf(new ByteRange(1_100, 1_300), new ByteRange(1_100, 1_500), new ByteRange(1_024, 1_500));
            store.storage().reconcile(reconciled(tract, 0, 1_500));
            assertReads(store.storage(), tract, 0, 1_500);
            return killed;
        });
    }

    @Test
    void c5ADamagedRangeTakesAVerifiedCopyOfAnOlderAndOfTheSameVersion() throws IOException {
        for (long version : new long[] {4, 5, 6}) {
            SimulatedStore store = new SimulatedStore(1 << 30, 4);
            write(tract, 0, 2_000).version(5).to(store.storage());
            store.flipBit(tract, 600);
            assertThat(store.storage().verify(tract).damaged()).containsExactly(new Span(512, 1_024));

            ReconciledBytes good = reconciled(tract, 512, 1_024);
            store.storage()
                    .reconcile(new ReconciledBytes(
                            source(tract, 1_024, 1, version), row(tract), 512, good.checksums(), good.data()));

            assertThat(state(store).damaged())
                    .as("healed by version %s", version)
                    .isEmpty();
            assertThat(state(store).length()).isEqualTo(2_000);
            assertReads(store.storage(), tract, 0, 2_000);
        }
    }

    @Test
    void c5DamageBeyondTheLengthOfASoundHolderIsDropped() throws IOException {
        SimulatedStore store = new SimulatedStore(1 << 30, 4);
        write(tract, 0, 2_000).to(store.storage());
        store.flipBit(tract, 1_600);
        store.storage().verify(tract);

        store.storage().dropDamage(tract, 1_536);

        assertThat(state(store).damaged()).isEmpty();
        assertThat(state(store).length()).isEqualTo(1_536);
        assertReads(store.storage(), tract, 0, 1_536);
    }

    private TractState state(SimulatedStore store) throws IOException {
        return store.storage().state(tract).orElseThrow();
    }

    private void copy(SimulatedStore from, SimulatedStore to, int begin, int end) throws IOException {
        try (TractSlice slice = from.storage().read(tract, begin, end - begin)) {
            assertThat(slice.dataOffset()).isEqualTo(begin);
            to.storage()
                    .reconcile(new ReconciledBytes(state(from), row(tract), begin, slice.checksums(), bytes(slice)));
        }
    }

    private static ByteBuffer bytes(TractSlice slice) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(slice.dataLength());
        while (data.hasRemaining()) {
            assertThat(slice.channel().read(data, slice.channelPosition() + data.position()))
                    .isPositive();
        }
        return data.flip();
    }

    /** A script that is told at which step to kill, and says whether there was such a step. */
    private interface Script {
        boolean run(int step) throws IOException;
    }

    private static void atEveryStep(Script script) throws IOException {
        int step = 1;
        while (script.run(step)) {
            step++;
        }
        assertThat(step).as("steps").isGreaterThan(3);
    }

    /** Runs an action, kills the process at one of its disk operations, and starts it again. */
    private static boolean killedAt(SimulatedStore store, int step, Action action) throws IOException {
        int[] left = {step};
        Runnable count = () -> {
            if (--left[0] == 0) {
                throw new Killed();
            }
        };
        store.disk.faults((operation, path) -> count.run());
        store.values.onWrite(count);
        boolean killed = false;
        try {
            action.run();
        } catch (Killed e) {
            killed = true;
        }
        store.disk.faults((operation, path) -> {});
        store.values.onWrite(() -> {});
        store.kill();
        return killed;
    }
}
