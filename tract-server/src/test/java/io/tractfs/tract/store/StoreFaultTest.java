package io.tractfs.tract.store;

import static io.tractfs.tract.store.TractStorageContract.assertRefused;
import static io.tractfs.tract.store.Tracts.assertReads;
import static io.tractfs.tract.store.Tracts.reconciled;
import static io.tractfs.tract.store.Tracts.row;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.TractId;
import io.tractfs.tract.disk.InMemoryDisk.Operation;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.format.TractSlot;
import io.tractfs.tract.store.TractState.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Disks that fail, fill up or lie. */
class StoreFaultTest {
    private final TractId tract = tract(7, 0);
    private final SimulatedStore simulated = new SimulatedStore(1 << 30, 16);

    StoreFaultTest() throws IOException {}

    private TractStorage storage() {
        return simulated.storage();
    }

    private void fail(Operation failing) {
        simulated.disk.faults((operation, path) -> {
            if (operation == failing) {
                throw new IOException("injected");
            }
        });
    }

    @Test
    void aFailedWriteFailsTheStoreForGood() throws IOException {
        write(tract, 0, 10).to(storage());
        fail(Operation.WRITE);
        assertRefused(ErrorCode.STORE_FAILED, () -> write(tract, 10, 20).to(storage()));
        simulated.disk.faults((operation, path) -> {});
        assertRefused(ErrorCode.STORE_FAILED, () -> storage().read(tract, 0, 10));
        assertRefused(ErrorCode.STORE_FAILED, () -> simulated.store().ledger().persistGarbageCursor(1));
        assertThat(storage().failure())
                .hasValueSatisfying(text -> assertThat(text).contains("injected"));
    }

    @Test
    void aFailedSyncFailsTheStoreForGood() throws IOException {
        for (Operation operation : List.of(Operation.FORCE, Operation.FORCE_DIRECTORY)) {
            SimulatedStore fresh = new SimulatedStore(1 << 30, 16);
            fresh.disk.faults((now, path) -> {
                if (now == operation) {
                    throw new IOException("injected");
                }
            });
            assertRefused(
                    ErrorCode.STORE_FAILED, () -> write(tract, 0, 10).synced().to(fresh.storage()));
            fresh.disk.faults((now, path) -> {});
            assertRefused(ErrorCode.STORE_FAILED, () -> fresh.storage().sync(tract));
        }
    }

    @Test
    void aFailedLogFailsTheStoreForGood() {
        simulated.values.failing(true);
        assertRefused(ErrorCode.STORE_FAILED, () -> simulated.store().ledger().persistGarbageCursor(1));
        simulated.values.failing(false);
        assertRefused(ErrorCode.STORE_FAILED, () -> write(tract, 0, 1).to(storage()));
    }

    @Test
    void aFailedMoveToTrashFailsTheStore() throws IOException {
        write(tract, 0, 10).to(storage());
        fail(Operation.RENAME);
        assertRefused(ErrorCode.STORE_FAILED, () -> storage().remove(tract.blob()));
    }

    @Test
    void aFailedReadIsDamageAndNotTheEndOfTheStore() throws IOException {
        write(tract, 0, 3000).to(storage());
        fail(Operation.READ);
        assertThat(storage().verify(tract).damaged()).containsExactly(new Span(0, 3000));
        simulated.disk.faults((operation, path) -> {});
        storage().reconcile(reconciled(tract, 0, 3000));
        assertReads(storage(), tract, 0, 3000);
    }

    @Test
    void aFullDiskRefusesWritesAndServesReadsAndDeletes() throws IOException {
        SimulatedStore small = new SimulatedStore(64 << 10, 16);
        List<TractId> written = new ArrayList<>();
        for (int blob = 1; ; blob++) {
            TractId next = tract(blob, 0);
            if (small.disk.space().usable() < 20_000) {
                assertRefused(ErrorCode.DISK_FULL, () -> write(next, 0, 30_000).to(small.storage()));
                break;
            }
            write(next, 0, 3000).to(small.storage());
            written.add(next);
        }
        assertThat(small.storage().failure()).isEmpty();
        assertReads(small.storage(), written.get(0), 0, 3000);
        written.forEach(gone -> assertThat(remove(small, gone)).isTrue());
        small.clock.advance(Duration.ofMinutes(11));
        small.storage().purgeTrash();
        write(tract, 0, 30_000).to(small.storage());
        assertReads(small.storage(), tract, 0, 30_000);
    }

    private static boolean remove(SimulatedStore store, TractId gone) {
        try {
            store.storage().remove(gone.blob());
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDiskThatFillsUpInTheMiddleOfAWriteKeepsWhatWasThere() throws IOException {
        write(tract, 0, 700).to(storage());
        int[] writes = {0};
        for (int failing = 1; failing <= 3; failing++) {
            int at = failing;
            writes[0] = 0;
            simulated.disk.faults((operation, path) -> {
                if (operation == Operation.WRITE && ++writes[0] == at) {
                    throw new io.tractfs.tract.disk.DiskFullException(path);
                }
            });
            assertRefused(ErrorCode.DISK_FULL, () -> write(tract, 700, 2000).to(storage()));
            simulated.disk.faults((operation, path) -> {});
            assertThat(storage().state(tract).orElseThrow().length()).isEqualTo(700);
            assertReads(storage(), tract, 0, 700);
        }
        write(tract, 700, 2000).to(storage());
        assertReads(storage(), tract, 0, 2000);
    }

    @Test
    void trashIsKeptForAWhileAndThenPurged() throws IOException {
        write(tract, 0, 10).to(storage());
        storage().remove(tract.blob());
        storage().purgeTrash();
        assertThat(simulated.disk.list("trash")).hasSize(1);
        simulated.clock.advance(Duration.ofMinutes(11));
        storage().maintain();
        assertThat(simulated.disk.list("trash"))
                .as("upkeep alone purges nothing")
                .hasSize(1);
        storage().purgeTrash();
        assertThat(simulated.disk.list("trash")).isEmpty();
    }

    @Test
    void trashGivesWayOnADiskThatIsNearlyFull() throws IOException {
        SimulatedStore small = new SimulatedStore(1_000_000, 10);
        small.openWithReserve(50_000);
        write(tract, 0, 10).to(small.storage());
        small.storage().remove(tract.blob());
        small.storage().purgeTrash();
        assertThat(small.disk.list("trash")).hasSize(1);
        small.disk.create("ballast").write(ByteBuffer.allocate(920_000), 0);
        assertThat(small.disk.space().usable()).isBetween(50_000L, 100_000L);

        small.storage().purgeTrash();

        assertThat(small.disk.list("trash")).isEmpty();
    }

    @Test
    void upkeepSyncsWhatNobodySynced() throws IOException {
        write(tract, 0, 2000).to(storage());
        storage().maintain();
        simulated.clock.advance(Duration.ofSeconds(31));
        storage().maintain();
        simulated.losePower(new Random(3));
        assertReads(storage(), tract, 0, 2000);
        assertThat(storage().state(tract).orElseThrow().length()).isEqualTo(2000);
        assertThat(simulated.store().isUnclean()).isTrue();
    }

    @Test
    void everyFlippedByteOfATractFileIsFoundOrDoesNoHarm() throws IOException {
        byte[] expected = Tracts.bytes(tract, 0, 1300);
        assertThat(expected).hasSize(1300);
        List<Integer> offsets = new ArrayList<>();
        for (int at = 0; at < TractLayout.CHECKSUMS + 12; at += at < 64 || at % 512 < 64 || at % 512 >= 448 ? 1 : 64) {
            offsets.add(at);
        }
        for (int at = 0; at < 1300; at += 37) {
            offsets.add(TractLayout.data(Tracts.SIZE) + at);
        }
        for (int at : offsets) {
            SimulatedStore damaged = new SimulatedStore(1 << 30, 16);
            write(tract, 0, 1300).synced().to(damaged.storage());
            damaged.store().close();
            damaged.disk.flipBit(TractLayout.file(tract), at);
            damaged.open();
            checkDamaged(damaged, at);
        }
    }

    private void checkDamaged(SimulatedStore damaged, int at) throws IOException {
        TractStorage storage = damaged.storage();
        assertThat(storage.list(row(tract), null, 10)).as("flipped %s", at).hasSize(1);
        TractState state = storage.state(tract).orElseThrow();
        if (state.damaged().isEmpty()) {
            state = storage.verify(tract);
        }
        if (state.damaged().isEmpty()) {
            assertReads(storage, tract, 0, 1300);
        }
        storage.reconcile(reconciled(tract, 0, 1300));
        assertThat(storage.verify(tract).damaged()).as("flipped %s", at).isEmpty();
        assertReads(storage, tract, 0, 1300);
    }

    @Test
    void aTractWithoutAUsableSlotIsDamagedUntilACopyTakesItsPlace() throws IOException {
        write(tract, 0, 1300).synced().to(storage());
        simulated.store().close();
        for (int slot = 0; slot < TractLayout.SLOTS; slot++) {
            simulated.disk.flipBit(TractLayout.file(tract), TractLayout.slot(slot) + 20);
            simulated.disk.flipBit(TractLayout.file(tract), TractLayout.slot(slot) + TractSlot.SIZE + 20);
        }
        simulated.open();
        assertRefused(ErrorCode.DAMAGED, () -> storage().read(tract, 0, 10));
        assertRefused(ErrorCode.DAMAGED, () -> write(tract, 1300, 1400).to(storage()));
        assertThat(storage().list(row(tract), null, 10))
                .extracting(TractState::damaged)
                .containsExactly(List.of(new Span(0, 512)));
        assertThat(storage().reconcile(reconciled(tract, 0, 1300)).length()).isEqualTo(1300);
        assertReads(storage(), tract, 0, 1300);
        assertThat(simulated.disk.list("trash")).hasSize(1);
    }

    @Test
    void keepsFewFilesOpen() throws IOException {
        for (int blob = 0; blob < 300; blob++) {
            write(tract(blob, 0), 0, 100).to(storage());
        }
        for (int blob = 0; blob < 300; blob++) {
            assertReads(storage(), tract(blob, 0), 0, 100);
        }
    }
}
