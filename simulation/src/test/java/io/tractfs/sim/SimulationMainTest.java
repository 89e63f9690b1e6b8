package io.tractfs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SimulationMainTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return SimulationMain.run(arguments, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
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
                .endsWith("SIMULATION FAILED\n");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("--sede", "1")).isEqualTo(2);
        assertThat(printed()).contains("unknown option --sede");
    }
}
