package io.tractfs.tract.gate;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.D;
import static io.tractfs.tract.gate.GateFixture.ROW;
import static io.tractfs.tract.gate.GateFixture.held;
import static io.tractfs.tract.gate.GateFixture.inSync;
import static io.tractfs.tract.gate.GateFixture.row;
import static io.tractfs.tract.gate.GateFixture.store;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VersionGateTest {
    private static final RowVersion V5 = version(1, 5);
    private static final HeldRow HELD = held(row(V5, A, B, C), ALL);

    @ParameterizedTest(name = "{0} under {1} of a row held at 5: {2}")
    @CsvSource({
        "WRITE, 4, STALE",
        "WRITE, 5, ADMIT",
        "WRITE, 6, BEHIND",
        "TAIL, 4, STALE",
        "TAIL, 5, ADMIT",
        "TAIL, 6, BEHIND",
        "LIST, 4, STALE",
        "LIST, 5, ADMIT",
        "LIST, 6, BEHIND",
        "CLOSED_READ, 4, ADMIT",
        "CLOSED_READ, 5, ADMIT",
        "CLOSED_READ, 6, ADMIT",
    })
    void decidesByNeedAndVersion(Need need, int counter, Verdict expected) {
        assertThat(VersionGate.decide(need, version(1, counter), 3, HELD, A)).isEqualTo(expected);
    }

    /** B4: a reader with an old image asks all its members; one that moved on refuses, so none of the others is believed. */
    @Test
    void b4ATailReadUnderAnOlderVersionIsRefusedByTheMemberThatMovedOn() {
        HeldRow movedOn = held(row(version(1, 8), A, B, D), ALL);
        assertThat(VersionGate.decide(Need.TAIL, version(1, 7), 3, movedOn, A)).isEqualTo(Verdict.STALE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Need.class,
            names = {"WRITE", "TAIL", "LIST"})
    void knowsNothingOfARowItNeverHeardOf(Need need) {
        assertThat(VersionGate.decide(need, V5, 3, null, A)).isEqualTo(Verdict.BEHIND);
        assertThat(VersionGate.decide(need, RowVersion.NONE, 3, null, A)).isEqualTo(Verdict.NOT_A_MEMBER);
    }

    @Test
    void isNoMemberForClassesLeftOfItsColumn() {
        HeldRow last = held(HELD.row(), ClassSet.ofColumn(2, 3));
        assertThat(VersionGate.decide(Need.WRITE, V5, 2, last, C)).isEqualTo(Verdict.NOT_A_MEMBER);
        assertThat(VersionGate.decide(Need.WRITE, V5, 3, last, C)).isEqualTo(Verdict.ADMIT);
        assertThat(VersionGate.decide(Need.WRITE, V5, 1, HELD, A)).isEqualTo(Verdict.ADMIT);
    }

    @Test
    void isAMemberForClassesThatItHoldsBeyondItsColumn() {
        HeldRow handingOver = held(HELD.row(), ALL);
        assertThat(VersionGate.decide(Need.WRITE, V5, 1, handingOver, C)).isEqualTo(Verdict.ADMIT);
    }

    @Test
    void countsAReplicationAboveTheColumnsAsAllColumns() {
        assertThat(VersionGate.decide(Need.WRITE, V5, 10, HELD, C)).isEqualTo(Verdict.ADMIT);
    }

    // A9, P6: a row that names an earlier start names somebody else.
    @Test
    void isNoMemberUnderAnotherIncarnation() {
        StoreRef restarted = store(1, 2);

        assertThat(VersionGate.decide(Need.WRITE, V5, 3, HELD, restarted)).isEqualTo(Verdict.NOT_A_MEMBER);
        assertThat(VersionGate.decide(Need.CLOSED_READ, V5, 3, HELD, restarted)).isEqualTo(Verdict.ADMIT);
    }

    @Test
    void refusesWritesOfAFrozenClassAlone() {
        Row frozen = new Row(
                ROW,
                V5,
                Columns.of(inSync(A, 0), inSync(B, 1), null),
                List.of(new Waiting(D.store(), version(1, 4), new ClassSet(1))));
        HeldRow held = held(frozen, new ClassSet(6));

        assertThat(VersionGate.decide(Need.WRITE, V5, 1, held, A)).isEqualTo(Verdict.FROZEN);
        assertThat(VersionGate.decide(Need.WRITE, V5, 2, held, A)).isEqualTo(Verdict.ADMIT);
        assertThat(VersionGate.decide(Need.TAIL, V5, 1, held, A)).isEqualTo(Verdict.ADMIT);
    }

    @Test
    void givesNoListOfClassesThatItDoesNotHold() {
        HeldRow partly = held(row(V5, A, B, C), new ClassSet(4));

        assertThat(VersionGate.decideList(V5, new ClassSet(4), partly, A)).isEqualTo(Verdict.ADMIT);
        assertThat(VersionGate.decideList(V5, new ClassSet(6), partly, A)).isEqualTo(Verdict.RECOVERING);
    }
}
