package io.tractfs.tract.gate;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.D;
import static io.tractfs.tract.gate.GateFixture.held;
import static io.tractfs.tract.gate.GateFixture.row;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.tract.store.TractState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RowAdmissionTest {
    private static final RowVersion V5 = version(1, 5);
    private static final RowVersion V6 = version(1, 6);
    private static final RowVersion V7 = version(1, 7);

    private final RowAdmission gate = new RowAdmission(A, held(row(V5, A, B, C), ALL));
    private final List<String> script = new ArrayList<>();

    // A6: accept and in-flight writes inside one store.
    @Test
    void acknowledgesAVersionOnlyAfterTheLastAdmittedWriteIsDone() {
        Admission first = gate.admit(Need.WRITE, V5, 3);
        Admission second = gate.admit(Need.WRITE, V5, 3);

        gate.advance(held(row(V6, A, B, D), ALL), () -> script.add("accepted 6"));
        script.add("advanced");
        first.close();
        script.add("first done");
        second.close();

        assertThat(script).containsExactly("advanced", "first done", "accepted 6");
    }

    @Test
    void refusesOlderWritesFromTheMomentItAdvances() {
        gate.admit(Need.WRITE, V5, 3);
        gate.advance(held(row(V6, A, B, D), ALL), () -> script.add("accepted 6"));

        assertThat(gate.admit(Need.WRITE, V5, 3).verdict()).isEqualTo(Verdict.STALE);
        assertThat(gate.admit(Need.WRITE, V6, 3).verdict()).isEqualTo(Verdict.ADMIT);
        assertThat(script).isEmpty();
    }

    @Test
    void acknowledgesAtOnceWhereNothingIsInFlight() {
        gate.advance(held(row(V6, A, B, D), ALL), () -> script.add("accepted 6"));

        assertThat(script).containsExactly("accepted 6");
    }

    @Test
    void waitsForAllOlderVersionsWhenOneSupersedesAnother() {
        Admission five = gate.admit(Need.WRITE, V5, 3);
        gate.advance(held(row(V6, A, B, D), ALL), () -> script.add("accepted 6"));
        Admission six = gate.admit(Need.WRITE, V6, 3);
        gate.advance(held(row(V7, A, B, C), ALL), () -> script.add("accepted 7"));

        five.close();
        six.close();

        assertThat(script).containsExactly("accepted 6", "accepted 7");
    }

    @Test
    void doesNotWaitForReads() {
        gate.admit(Need.CLOSED_READ, V5, 0);
        gate.admit(Need.TAIL, V5, 0);

        gate.advance(held(row(V6, A, B, D), ALL), () -> script.add("accepted 6"));

        assertThat(script).containsExactly("accepted 6");
    }

    @Test
    void countsAnAdmissionOnceThoughItIsClosedTwice() {
        Admission first = gate.admit(Need.WRITE, V5, 3);
        gate.admit(Need.WRITE, V5, 3);
        gate.advance(held(row(V6, A, B, D), ALL), () -> script.add("accepted 6"));

        first.close();
        first.close();

        assertThat(script).isEmpty();
    }

    /** No write that another thread gets admitted under the old version ends after the acknowledgement. */
    @Test
    void keepsItsPromiseWhileThreadsRace() throws InterruptedException {
        AtomicBoolean acknowledged = new AtomicBoolean();
        AtomicBoolean broken = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(2);
        Runnable writer = () -> {
            begun.countDown();
            for (Admission write = gate.admit(Need.WRITE, V5, 3);
                    write.verdict() == Verdict.ADMIT;
                    write = gate.admit(Need.WRITE, V5, 3)) {
                if (acknowledged.get()) {
                    broken.set(true);
                }
                write.close();
            }
        };
        Thread one = new Thread(writer);
        Thread two = new Thread(writer);
        one.start();
        two.start();
        begun.await();

        gate.advance(held(row(V6, A, B, D), ALL), () -> acknowledged.set(true));
        one.join();
        two.join();

        assertThat(acknowledged).isTrue();
        assertThat(broken).isFalse();
    }

    // P22: which bytes were written under the present version.
    @Test
    void remembersHowLongATractWasWhenTheVersionCame() {
        gate.advance(held(row(V6, A, B, D), ALL), () -> {});

        assertThat(gate.lengthAtVersion(state(150, V5))).isEqualTo(150);
        gate.beforeWrite(V6, state(150, V5));
        assertThat(gate.lengthAtVersion(state(200, V6))).isEqualTo(150);
        assertThat(gate.lengthAtVersion(state(300, V6))).isEqualTo(150);
    }

    @Test
    void countsWhatReconcileFetchedAsThereBefore() {
        gate.advance(held(row(V6, A, B, D), ALL), () -> {});

        gate.afterReconcile(V6, state(150, V6));

        assertThat(gate.lengthAtVersion(state(200, V6))).isEqualTo(150);
    }

    @Test
    void takesATractBegunUnderTheVersionAsWrittenUnderIt() {
        assertThat(gate.lengthAtVersion(state(200, V5))).isZero();
    }

    private static TractState state(int length, RowVersion version) {
        return new TractState(
                new TractId(new BlobId(77), 0), length, List.of(), Generation.ZERO, version, 3, 1 << 20, 0, List.of());
    }
}
