package io.tractfs.tract.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.TractId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiskTractStorageTest extends TractStorageContract {
    private SimulatedStore simulated;

    @BeforeEach
    void format() throws IOException {
        simulated = new SimulatedStore(1 << 30, 16);
    }

    @Override
    TractStorage storage() {
        return simulated.storage();
    }

    @Override
    void flipBit(TractId damaged, int offset) throws IOException {
        simulated.flipBit(damaged, offset);
    }

    @Test
    void takesBackFromTrashWhatBelongsHereAndHasNoTractInItsPlace() throws IOException {
        TractId kept = Tracts.tract(7, 0);
        TractId elsewhere = Tracts.tract(8, 0);
        TractId again = Tracts.tract(9, 0);
        for (TractId tract : List.of(kept, elsewhere, again)) {
            assertThat(Tracts.write(tract, 0, 700).to(storage()).length()).isEqualTo(700);
        }
        storage().removeAll(List.of(kept.blob(), elsewhere.blob(), again.blob()));
        assertThat(Tracts.write(again, 0, 900).to(storage()).length()).isEqualTo(900);
        assertThat(storage().trashedBlobs()).containsExactly(kept.blob(), elsewhere.blob(), again.blob());

        int back = storage()
                .takeBack(List.of(kept.blob(), elsewhere.blob(), again.blob()), row -> row != Tracts.row(elsewhere));

        assertThat(back).isEqualTo(1);
        Tracts.assertReads(storage(), kept, 0, 700);
        Tracts.assertReads(storage(), again, 0, 900);
        assertThat(storage().state(elsewhere)).isEmpty();
        assertThat(storage().blobs(null, 10)).containsExactly(kept.blob(), again.blob());
        assertThat(storage().space().used()).isEqualTo(1600);
        assertThat(storage().trashedBlobs()).containsExactly(elsewhere.blob(), again.blob());
    }

    @Test
    void aTractThatCannotBeReadDoesNotKeepOthersInTrash() throws IOException {
        TractId bad = Tracts.tract(7, 0);
        TractId good = Tracts.tract(8, 0);
        assertThat(Tracts.write(bad, 0, 700).to(storage()).length()).isEqualTo(700);
        assertThat(Tracts.write(good, 0, 700).to(storage()).length()).isEqualTo(700);
        storage().removeAll(List.of(bad.blob(), good.blob()));
        for (String name : simulated.disk.list("trash")) {
            if (name.endsWith(bad.toString())) {
                simulated
                        .disk
                        .open("trash/" + name)
                        .orElseThrow()
                        .write(ByteBuffer.wrap("no tract at all".repeat(300).getBytes(UTF_8)), 0);
            }
        }

        assertThat(storage().takeBack(List.of(bad.blob(), good.blob()), row -> true))
                .isEqualTo(1);

        Tracts.assertReads(storage(), good, 0, 700);
        assertThat(storage().state(bad).orElseThrow().damaged()).isNotEmpty();
    }
}
