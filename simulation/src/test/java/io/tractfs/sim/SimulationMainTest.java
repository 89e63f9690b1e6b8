package io.tractfs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SimulationMainTest {
    private final StringWriter printed = new StringWriter();

    private int run(String... arguments) {
        PrintWriter out = new PrintWriter(printed);
        return SimulationMain.commandLine().setOut(out).setErr(out).execute(arguments);
    }

    private String printed() {
        return printed.toString();
    }

    @Test
    void saysWhatItSaw() {
        assertThat(run("--seeds", "2")).isZero();
        assertThat(printed()).contains("events").contains("files closed").endsWith("SIMULATION OK\n");
    }

    @Test
    void printsTheTraceOfOneSeed() {
        assertThat(run("--seed", "1", "--trace")).isZero();
        assertThat(printed()).contains("register").contains("traceHash=");
    }

    @Test
    void saysHowToSeeAFailureAgain() {
        assertThat(run("--seed", "1", "--off", "FLOOR_BEFORE_PUBLICATION")).isOne();
        assertThat(printed())
                .contains("seed 1 failed at step")
                .contains("--seed 1 --trace --off FLOOR_BEFORE_PUBLICATION")
                .endsWith("SIMULATION FAILED: 1 of 1 seeds\n");
    }

    @Test
    void refusesToLeaveOutOfManySeedsWhatOneOfThemDraws() {
        assertThat(run("--seeds", "2", "--without-faults", "1-3")).isEqualTo(2);
        assertThat(run("--seed", "2", "--without-faults", "one")).isEqualTo(2);
        assertThat(printed()).contains("go with --seed").contains("--without-faults: 'one' is no number or range");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("--sede", "1")).isEqualTo(2);
        assertThat(printed()).contains("Unknown options: '--sede'");
    }

    @Test
    void foreseesARecoveryAndPlotsIt() {
        assertThat(run(
                        "recovery",
                        "--disks",
                        "20",
                        "--disks-per-server",
                        "1",
                        "--data-per-disk",
                        "1GB",
                        "--rows",
                        "1024"))
                .isZero();
        assertThat(printed())
                .contains("recovered in")
                .contains("disks to 19")
                .contains("|##")
                .contains("100%");
    }

    @Test
    void refusesClustersAndSizesThatMakeNoSense() {
        assertThat(run("recovery", "--disks", "3")).isEqualTo(2);
        assertThat(run("recovery", "--data-per-disk", "much")).isEqualTo(2);
        assertThat(printed()).contains("--disks is 3: expected 4 to 100000").contains("'much' is no size");
    }
}
