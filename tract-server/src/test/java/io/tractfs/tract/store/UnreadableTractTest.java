package io.tractfs.tract.store;

import static io.tractfs.tract.store.Tracts.row;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.TractId;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.store.TractState.Span;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tracts of which a store knows only that they were there (P25). */
class UnreadableTractTest {
    private final TractId tract = tract(7, 3);
    private SimulatedStore simulated;

    @BeforeEach
    void format() throws IOException {
        simulated = new SimulatedStore(1 << 20, 10);
    }

    @Test
    void isListedWhateverItsClassAndNeverTakenForAbsent() throws IOException {
        write(tract, 0, 3000).synced().to(simulated.storage());
        simulated.kill();
        simulated.disk.delete(TractLayout.file(tract));

        assertThat(simulated.storage().list(row(tract), null, 10))
                .singleElement()
                .satisfies(state -> assertThat(state.isUnreadable()).isTrue());
    }

    @Test
    void isTakenOverFromASourceThatKnowsNoMoreAndHealedByOneThatDoes() throws IOException {
        TractState lost = DiskTractStorage.unreadable(tract);

        assertThat(simulated.storage().recordLost(lost, row(tract), 0, lost.length()))
                .isEqualTo(lost);
        assertThat(simulated.storage().damaged(null, 10)).containsExactly(lost);
        TractStorageContract.assertRefused(
                ErrorCode.DAMAGED, () -> simulated.storage().read(tract, 0, 10));
        TractStorageContract.assertRefused(
                ErrorCode.DAMAGED, () -> simulated.storage().sync(tract));
        simulated.kill();
        assertThat(simulated.storage().list(row(tract), null, 10)).containsExactly(lost);

        assertThat(simulated
                        .storage()
                        .reconcile(Tracts.reconciled(tract, 0, 3000))
                        .damaged())
                .isEmpty();
        assertThat(simulated.storage().damaged(null, 10)).isEmpty();
        Tracts.assertReads(simulated.storage(), tract, 0, 3000);
    }

    // A holder that is healed piece by piece must not look as if the tract ended where the last piece does.
    @Test
    void staysDamagedWhereNoPieceHasArrivedYetAlsoOverAKill() throws IOException {
        write(tract, 0, 3000).synced().to(simulated.storage());
        simulated.kill();
        simulated.disk.delete(TractLayout.file(tract));

        TractState source = Tracts.source(tract, 3000, 1, 5);
        TractState healing = simulated.storage().reconcile(Tracts.reconciled(source, 1024, 1536));
        assertThat(healing.length()).isEqualTo(3000);
        assertThat(healing.damaged()).containsExactly(new Span(0, 1024), new Span(1536, 3000));
        simulated.kill();
        assertThat(simulated.storage().list(row(tract), null, 10)).containsExactly(healing);
        simulated.storage().reconcile(Tracts.reconciled(source, 0, 1024));
        assertThat(simulated
                        .storage()
                        .reconcile(Tracts.reconciled(source, 1536, 3000))
                        .damaged())
                .isEmpty();
        Tracts.assertReads(simulated.storage(), tract, 0, 3000);
    }

    @Test
    void isNotTakenOverWhereTheTractIsHere() throws IOException {
        write(tract, 0, 3000).to(simulated.storage());
        TractState lost = DiskTractStorage.unreadable(tract);

        assertThat(simulated
                        .storage()
                        .recordLost(lost, row(tract), 0, lost.length())
                        .damaged())
                .isEmpty();
        Tracts.assertReads(simulated.storage(), tract, 0, 3000);
    }
}
