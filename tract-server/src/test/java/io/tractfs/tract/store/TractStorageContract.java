package io.tractfs.tract.store;

import static io.tractfs.tract.store.Tracts.assertReads;
import static io.tractfs.tract.store.Tracts.reconciled;
import static io.tractfs.tract.store.Tracts.row;
import static io.tractfs.tract.store.Tracts.source;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.tract.store.TractState.Span;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every storage of tracts promises. */
abstract class TractStorageContract {
    private final TractId tract = tract(7, 0);

    /** A storage that is empty, for {@link Tracts#ROWS} rows. */
    abstract TractStorage storage();

    /** Flips a bit of a tract's byte behind the storage's back. */
    abstract void flipBit(TractId damaged, int offset) throws IOException;

    @Test
    void holdsNothingOfATractThatWasNeverWritten() throws IOException {
        assertThat(storage().state(tract)).isEmpty();
        assertRefused(ErrorCode.TRACT_NOT_FOUND, () -> storage().read(tract, 0, 10));
        assertRefused(ErrorCode.TRACT_NOT_FOUND, () -> storage().sync(tract));
    }

    @Test
    void readsBackWhatWasWrittenInPartsThatCutChunks() throws IOException {
        int at = 0;
        for (int to : new int[] {1, 100, 511, 512, 513, 1024, 5000, 5001, 65536}) {
            assertThat(write(tract, at, to).to(storage()).length()).isEqualTo(to);
            at = to;
            assertReads(storage(), tract, 0, to);
            assertReads(storage(), tract, to / 2, to);
        }
        assertReads(storage(), tract, 513, 514);
    }

    @Test
    void keepsWhatAWriteSaysBesideItsBytes() throws IOException {
        write(tract, 0, 10).generation(3).version(9).acknowledged(4).to(storage());
        write(tract, 10, 20).generation(4).version(8).acknowledged(2).to(storage());
        assertThat(storage().state(tract)).hasValueSatisfying(state -> {
            assertThat(state.generation()).isEqualTo(new Generation(4));
            assertThat(state.version()).isEqualTo(new RowVersion(9));
            assertThat(state.acknowledgedLength()).isEqualTo(4);
            assertThat(state.tractSize()).isEqualTo(Tracts.SIZE);
            assertThat(state.replication()).isEqualTo(3);
        });
    }

    @Test
    void answersShortAtTheEndOfTheTractAndEmptyBeyond() throws IOException {
        write(tract, 0, 700).to(storage());
        try (TractSlice slice = storage().read(tract, 600, 5000)) {
            assertThat(slice.dataOffset()).isEqualTo(512);
            assertThat(slice.dataLength()).isEqualTo(188);
            assertThat(slice.tractLength()).isEqualTo(700);
        }
        try (TractSlice slice = storage().read(tract, 700, 1)) {
            assertThat(slice.dataLength()).isZero();
        }
    }

    @Test
    void refusesBytesThatDoNotVerify() throws IOException {
        var wrong = write(tract, 0, 1000).build();
        wrong.data().setByte(600, wrong.data().getByte(600) ^ 1);
        assertRefused(ErrorCode.CHECKSUM_MISMATCH, () -> storage().write(wrong));
        assertThat(storage().state(tract)).isEmpty();
    }

    @Test
    void refusesAWriteThatLeavesTheTractOrNamesAnotherSize() throws IOException {
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () -> write(tract, 60000, 65536).tractSize(61000).to(storage()));
        write(tract, 0, 10).to(storage());
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () -> write(tract, 10, 20).tractSize(8192).to(storage()));
    }

    @Test
    void refusesAGapOfAnInSyncMember() throws IOException {
        assertRefused(ErrorCode.GAP, () -> write(tract, 10, 20).to(storage()));
        write(tract, 0, 10).to(storage());
        assertRefused(ErrorCode.GAP, () -> write(tract, 11, 20).to(storage()));
    }

    @Test
    void takesEqualBytesAgainAndRefusesOthers() throws IOException {
        write(tract, 0, 3000).to(storage());
        assertThat(write(tract, 100, 2900).to(storage()).length()).isEqualTo(3000);
        assertThat(write(tract, 2000, 4000).to(storage()).length()).isEqualTo(4000);
        assertReads(storage(), tract, 0, 4000);
        byte[] other = Tracts.bytes(tract, 3900, 4100);
        other[0] ^= 1;
        assertRefused(ErrorCode.CONFLICTING_BYTES, () -> new Tracts.Builder(tract, 3900, other).to(storage()));
        assertThat(storage().state(tract).orElseThrow().length()).isEqualTo(4000);
        assertReads(storage(), tract, 0, 4000);
    }

    @Test
    void fencesLowerGenerationsAlsoWhereThereIsNoTractYet() throws IOException {
        assertThat(storage().fence(tract, new Generation(5), 3, Tracts.SIZE).length())
                .isZero();
        assertThat(storage().state(tract)).isPresent();
        assertRefused(
                ErrorCode.GENERATION_FENCED,
                () -> write(tract, 0, 10).generation(4).to(storage()));
        assertRefused(ErrorCode.GENERATION_FENCED, () -> storage().fence(tract, new Generation(4), 3, Tracts.SIZE));
        assertThat(write(tract, 0, 10).generation(5).to(storage()).length()).isEqualTo(10);
    }

    @Test
    void cutsInTheMiddleOfAChunkAndRefusesCutsOfALowerGeneration() throws IOException {
        write(tract, 0, 3000).generation(2).to(storage());
        assertRefused(ErrorCode.GENERATION_FENCED, () -> storage().cut(tract, new Generation(1), 100));
        assertThat(storage().cut(tract, new Generation(3), 1300).length()).isEqualTo(1300);
        assertReads(storage(), tract, 0, 1300);
        assertThat(storage().cut(tract, new Generation(3), 2000).length()).isEqualTo(1300);
        write(tract, 1300, 2000).generation(3).to(storage());
        assertReads(storage(), tract, 0, 2000);
        assertThat(storage().cut(tract, new Generation(3), 0).length()).isZero();
    }

    @Test
    void recordsOnlyHigherAcknowledgedLengths() throws IOException {
        storage().acknowledge(tract, 4);
        assertThat(storage().state(tract)).isEmpty();
        write(tract, 0, 10).to(storage());
        storage().acknowledge(tract, 8);
        storage().acknowledge(tract, 6);
        assertThat(storage().state(tract).orElseThrow().acknowledgedLength()).isEqualTo(8);
    }

    @Test
    void keepsRangesBeforeTheirBaseAndJoinsThemWithIt() throws IOException {
        TractState state = write(tract, 1300, 2000).withRanges().to(storage());
        assertThat(state.length()).isZero();
        assertThat(state.ranges()).containsExactly(new Span(1300, 2000));
        write(tract, 4096, 4200).withRanges().to(storage());
        write(tract, 2000, 2100).withRanges().to(storage());
        assertThat(storage().state(tract).orElseThrow().ranges())
                .containsExactly(new Span(1300, 2100), new Span(4096, 4200));
        state = storage().reconcile(reconciled(tract, 0, 1400));
        assertThat(state.length()).isEqualTo(2100);
        assertThat(state.ranges()).containsExactly(new Span(4096, 4200));
        assertReads(storage(), tract, 0, 2100);
        assertThat(storage().reconcile(reconciled(tract, 2048, 4150)).length()).isEqualTo(4200);
        assertReads(storage(), tract, 0, 4200);
    }

    @Test
    void refusesReconciledBytesThatDifferFromAClients() throws IOException {
        new Tracts.Builder(tract, 600, new byte[50]).withRanges().to(storage());
        assertRefused(ErrorCode.CONFLICTING_BYTES, () -> storage().reconcile(reconciled(tract, 0, 1024)));
        assertThat(storage().state(tract).orElseThrow().length()).isZero();
    }

    @Test
    void refusesReconciledBytesThatDoNotVerify() {
        ReconciledBytes bytes = reconciled(tract, 512, 2000);
        bytes.data().put(1000, (byte) (bytes.data().get(1000) ^ 4));
        assertRefused(ErrorCode.CHECKSUM_MISMATCH, () -> storage().reconcile(bytes));
    }

    @Test
    void reconcilesWithoutLoweringAnything() throws IOException {
        write(tract, 0, 1000).generation(7).version(9).acknowledged(100).to(storage());
        TractState state = storage().reconcile(reconciled(tract, 0, 1500));
        assertThat(state.length()).isEqualTo(1500);
        assertThat(state.generation()).isEqualTo(new Generation(7));
        assertThat(state.version()).isEqualTo(new RowVersion(9));
        assertThat(state.acknowledgedLength()).isEqualTo(100);
        assertReads(storage(), tract, 0, 1500);
    }

    @Test
    void takesOverAFenceWithoutBytes() throws IOException {
        ByteBuffer none = ByteBuffer.allocate(0);
        storage().reconcile(new ReconciledBytes(source(tract, 0, 8, 3), row(tract), 0, none, none));
        assertThat(storage().state(tract).orElseThrow().generation()).isEqualTo(new Generation(8));
        assertRefused(
                ErrorCode.GENERATION_FENCED,
                () -> write(tract, 0, 1).generation(7).to(storage()));
    }

    @Test
    void findsFlippedBitsWhenItVerifiesAndHealsThemFromAnyVersion() throws IOException {
        write(tract, 0, 3000).version(9).to(storage());
        flipBit(tract, 700);
        flipBit(tract, 2900);
        TractState state = storage().verify(tract);
        assertThat(state.damaged()).containsExactly(new Span(512, 1024), new Span(2560, 3000));
        assertThat(state.length()).isEqualTo(3000);
        assertRefused(ErrorCode.DAMAGED, () -> storage().read(tract, 600, 10));
        assertReads(storage(), tract, 1024, 2560);
        assertReads(storage(), tract, 0, 512);
        state = storage().reconcile(reconciled(tract, 512, 1024));
        assertThat(state.damaged()).containsExactly(new Span(2560, 3000));
        assertThat(storage().reconcile(reconciled(tract, 2560, 3000)).damaged()).isEmpty();
        assertReads(storage(), tract, 0, 3000);
        assertThat(storage().verify(tract).damaged()).isEmpty();
    }

    @Test
    void goesOnWritingInADamagedLastChunkAndHealsItLater() throws IOException {
        write(tract, 0, 700).to(storage());
        flipBit(tract, 600);
        assertThat(storage().verify(tract).damaged()).containsExactly(new Span(512, 700));
        TractState state = write(tract, 700, 900).to(storage());
        assertThat(state.length()).isEqualTo(900);
        assertThat(state.damaged()).containsExactly(new Span(512, 900));
        assertRefused(ErrorCode.DAMAGED, () -> storage().read(tract, 800, 10));
        state = storage().reconcile(reconciled(tract, 512, 700));
        assertThat(state.damaged()).isEmpty();
        assertReads(storage(), tract, 0, 900);
    }

    @Test
    void dropsARangeBeyondTheLengthThatDoesNotVerify() throws IOException {
        write(tract, 0, 100).to(storage());
        write(tract, 2048, 3000).withRanges().to(storage());
        flipBit(tract, 2100);
        TractState state = storage().verify(tract);
        assertThat(state.damaged()).isEmpty();
        assertThat(state.ranges()).containsExactly(new Span(2560, 3000));
    }

    @Test
    void recordsWhatNoSourceCanGiveAsDamageIntoTheLength() throws IOException {
        storage().reconcile(reconciled(tract, 0, 1024));
        storage().reconcile(reconciled(tract, 1536, 2000));
        TractState state = storage().recordLost(source(tract, 2000, 1, 5), row(tract), 1024, 1536);
        assertThat(state.length()).isEqualTo(2000);
        assertThat(state.damaged()).containsExactly(new Span(1024, 1536));
        assertReads(storage(), tract, 1536, 2000);
        assertThat(storage().reconcile(reconciled(tract, 1024, 1536)).damaged()).isEmpty();
        assertReads(storage(), tract, 0, 2000);
    }

    @Test
    void listsARowInOrderAndInPages() throws IOException {
        List<TractId> written = new ArrayList<>();
        for (long blob = 1; blob <= 40; blob++) {
            for (int index = 0; index < 20; index++) {
                TractId other = tract(blob, index);
                if (row(other) < 2) {
                    write(other, 0, 10).to(storage());
                    if (row(other) == 1) {
                        written.add(other);
                    }
                }
            }
        }
        assertThat(written).hasSizeGreaterThan(4);
        List<TractId> listed = new ArrayList<>();
        TractId after = null;
        while (true) {
            List<TractState> page = storage().list(1, after, 3);
            page.forEach(state -> listed.add(state.tract()));
            if (page.isEmpty()) {
                break;
            }
            after = page.get(page.size() - 1).tract();
        }
        assertThat(listed).containsExactlyElementsOf(written.stream().sorted().toList());
    }

    @Test
    void removesBlobsAndRowsAndKnowsWhichBlobsAreLeft() throws IOException {
        for (long blob = 1; blob <= 5; blob++) {
            for (int index = 0; index < 3; index++) {
                write(tract(blob, index * 100), 0, 600).to(storage());
            }
        }
        assertThat(storage().space().tractCount()).isEqualTo(15);
        assertThat(storage().space().used()).isEqualTo(15 * 600);
        storage().remove(new BlobId(2));
        storage().remove(new BlobId(99));
        assertThat(storage().blobs(null, 2)).containsExactly(new BlobId(1), new BlobId(3));
        assertThat(storage().blobs(new BlobId(3), 9)).containsExactly(new BlobId(4), new BlobId(5));
        assertThat(storage().state(tract(2, 100))).isEmpty();
        int row = row(tract(4, 0));
        storage().removeRow(row);
        assertThat(storage().list(row, null, 10)).isEmpty();
        assertThat(storage().state(tract(4, 0))).isEmpty();
        assertThat(storage().state(tract(4, 100))).isPresent();
    }

    @Test
    void readsATractToTheEndThoughItIsRemovedMeanwhile() throws IOException {
        write(tract, 0, 1000).to(storage());
        try (TractSlice slice = storage().read(tract, 0, 1000)) {
            storage().remove(tract.blob());
            ByteBuffer data = ByteBuffer.allocate(1000);
            assertThat(slice.channel().read(data, slice.channelPosition())).isEqualTo(1000);
            assertThat(data.array()).isEqualTo(Tracts.bytes(tract, 0, 1000));
        }
        assertThat(storage().state(tract)).isEmpty();
    }

    @Test
    void makesATractAnewAfterItWasRemoved() throws IOException {
        write(tract, 0, 1000).generation(5).withRanges().to(storage());
        write(tract, 2000, 3000).generation(5).withRanges().to(storage());
        storage().remove(tract.blob());
        TractState state = write(tract, 0, 10).generation(1).to(storage());
        assertThat(state.length()).isEqualTo(10);
        assertThat(state.ranges()).isEmpty();
        assertReads(storage(), tract, 0, 10);
    }

    @Test
    void countsWrites() throws IOException {
        long before = storage().space().writeSequence();
        write(tract, 0, 10).to(storage());
        assertThat(storage().space().writeSequence()).isGreaterThan(before);
    }

    @Test
    void acceptsAnEmptyWriteAsAQuestion() throws IOException {
        assertThat(write(tract, 0, 0).acknowledged(3).synced().to(storage()).length())
                .isZero();
        assertThat(storage().state(tract).orElseThrow().acknowledgedLength()).isEqualTo(3);
    }

    static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TractException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
