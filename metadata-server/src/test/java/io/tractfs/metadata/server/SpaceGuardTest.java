package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceGuardTest {
    private static final long MIB = 1 << 20;
    private static final long DISK = 160 * MIB;
    private static final long RESERVE = 40 * MIB;

    @TempDir
    private Path directory;

    private final LeaderGate gate = new LeaderGate();
    private long usable = DISK;

    private SpaceGuard guard() {
        gate.serve();
        return new SpaceGuard(directory, RESERVE, gate, () -> new SpaceGuard.Bytes(DISK, usable));
    }

    private Path held() {
        return directory.resolve("held-space");
    }

    @Test
    void refusesNewNamesBelowTheReserveUntilThereIsSomeMoreAndRemovalsNever() {
        SpaceGuard guard = guard();
        guard.look();
        assertThat(gate.refusal()).isEmpty();

        usable = RESERVE - 1;
        guard.look();
        assertThat(gate.refusal()).isPresent();
        assertThat(gate.reason()).contains("No space left on the metadata server's disk", directory.toString());
        assertThat(gate.refusalToShrink()).isEmpty();

        usable = RESERVE + 1;
        guard.look();
        assertThat(gate.refusal()).isPresent();

        usable = RESERVE + RESERVE / 8;
        guard.look();
        assertThat(gate.refusal()).isEmpty();
    }

    @Test
    void holdsSpaceThatIsGivenToTheLogOnceOthersHaveTakenTheReserve() throws IOException {
        SpaceGuard guard = guard();
        guard.look();
        assertThat(Files.size(held())).isEqualTo(10 * MIB);

        usable = 6 * MIB;
        guard.look();
        assertThat(held()).exists();

        usable = 0;
        guard.look();
        assertThat(held()).doesNotExist();

        usable = 10 * MIB;
        guard.look();
        assertThat(held()).doesNotExist();

        usable = DISK;
        guard.look();
        assertThat(held()).exists();
    }

    @Test
    void takesNothingWhereTheReserveWouldSuffer() {
        usable = RESERVE + RESERVE / 8;
        guard().look();
        assertThat(held()).doesNotExist();
    }

    @Test
    void nothingThatCanWaitIsWrittenWhileSpaceIsScarce() {
        SpaceGuard guard = guard();
        usable = RESERVE / 4;
        guard.look();
        assertThat(gate.hasSpaceToFlush()).isTrue();

        usable = RESERVE / 4 - 1;
        guard.look();
        assertThat(gate.hasSpaceToFlush()).isFalse();
    }

    @Test
    void aDiskThatDoesNotAnswerChangesNothing() {
        gate.serve();
        SpaceGuard guard = new SpaceGuard(directory, RESERVE, gate, () -> {
            throw new IOException("no answer");
        });
        guard.look();
        assertThat(gate.refusal()).isEmpty();
    }
}
