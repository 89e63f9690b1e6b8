package io.tractfs.tract.store;

import static io.tractfs.tract.store.Tracts.assertReads;
import static io.tractfs.tract.store.Tracts.reconciled;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.TractId;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.store.TractInventory.Inspected;
import io.tractfs.tract.store.TractState.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done to a store's files behind its back is seen by the inventory, and healed by reconcile. */
class DiskTractInventoryTest {
    private final TractId tract = tract(7, 0);
    private SimulatedStore simulated;

    @BeforeEach
    void format() throws IOException {
        simulated = new SimulatedStore(1 << 30, 16);
    }

    private TractInventory inventory() {
        return simulated.storage().inventory();
    }

    private Inspected inspect(boolean verify) throws IOException {
        return inventory().inspect(tract, verify).orElseThrow();
    }

    @Test
    void tellsASoundTractAndItsFile() throws IOException {
        write(tract, 0, 3000).to(simulated.storage());

        assertThat(inspect(true).stored()).isEqualTo(3000);
        assertThat(inspect(true).state().damaged()).isEmpty();
        assertThat(inventory().inspect(tract(8, 0), true)).isEmpty();
    }

    @Test
    void forgetsATractWhoseFileIsGoneThoughItIsOpenSoThatReconcileBringsItAgain() throws IOException {
        write(tract, 0, 3000).to(simulated.storage());
        long used = simulated.storage().space().used();
        simulated.disk.delete(TractLayout.file(tract));

        assertThat(inventory().inspect(tract, false)).isEmpty();

        assertThat(simulated.storage().state(tract)).isEmpty();
        assertThat(simulated.storage().space().tractCount()).isZero();
        simulated.storage().reconcile(reconciled(tract, 0, 3000));
        assertReads(simulated.storage(), tract, 0, 3000);
        assertThat(simulated.storage().space().used()).isEqualTo(used);
        assertThat(simulated.storage().space().tractCount()).isEqualTo(1);
    }

    @Test
    void marksWhatAFileThatWasCutLacks() throws IOException {
        write(tract, 0, 3000).to(simulated.storage());
        cutFile(1100);

        Inspected found = inspect(false);

        assertThat(found.stored()).isEqualTo(1100);
        assertThat(found.state().length()).isEqualTo(3000);
        assertThat(found.state().damaged()).containsExactly(new Span(1024, 3000));
        simulated.storage().reconcile(reconciled(tract, 0, 3000));
        assertThat(inspect(true).stored()).isEqualTo(3000);
        assertReads(simulated.storage(), tract, 0, 3000);
    }

    @Test
    void findsAFlippedBitOnlyWhenItReadsEveryByte() throws IOException {
        write(tract, 0, 3000).to(simulated.storage());
        simulated.flipBit(tract, 600);

        assertThat(inspect(false).state().damaged()).isEmpty();
        assertThat(inspect(true).state().damaged()).containsExactly(new Span(512, 1024));
        assertThat(inspect(false).state().damaged()).containsExactly(new Span(512, 1024));
    }

    @Test
    void namesFilesThatTheStoreDoesNotKnowAndRemovesThem() throws IOException {
        write(tract, 0, 3000).to(simulated.storage());
        TractId unknown = tract(1234, 0);
        simulated.disk.createDirectory(TractLayout.directory(TractLayout.bucket(unknown)));
        simulated.disk.create(TractLayout.file(unknown)).close();
        String misplaced = TractLayout.directory(TractLayout.bucket(tract)) + "/" + unknown;
        simulated.disk.create(misplaced).close();

        assertThat(inventory().names(TractLayout.bucket(tract))).containsExactly(tract);
        assertThat(inventory().names(TractLayout.bucket(unknown))).containsExactly(unknown);
        assertThat(inventory().strays(TractLayout.bucket(tract))).containsExactly(misplaced);

        inventory().remove(List.of(unknown, tract(99, 3)));
        assertThat(inventory().removeStrays(List.of(misplaced, TractLayout.file(tract), "superblock")))
                .isEqualTo(1);

        assertThat(inventory().names(TractLayout.bucket(unknown))).isEmpty();
        assertThat(inventory().strays(TractLayout.bucket(tract))).isEmpty();
        assertReads(simulated.storage(), tract, 0, 3000);
        assertThat(simulated.storage().space().tractCount()).isEqualTo(1);
    }

    /** Makes the file again with less in it. */
    private void cutFile(int dataBytes) throws IOException {
        simulated.storage().sync(tract);
        String path = TractLayout.file(tract);
        ByteBuffer kept = ByteBuffer.allocate(TractLayout.data(Tracts.SIZE) + dataBytes);
        try (DiskFile file = simulated.disk.open(path).orElseThrow()) {
            file.read(kept, 0);
        }
        simulated.disk.delete(path);
        try (DiskFile file = simulated.disk.create(path)) {
            file.write(kept.flip(), 0);
        }
    }
}
