package io.tractfs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Key<Long> SIZE = Key.size("tract.test.size", "8MiB", 1, 1L << 40, "A size.");
    private static final Key<Duration> TIME =
            Key.duration("tract.test.time", "3s", Duration.ofMillis(1), Duration.ofHours(1), "A time.");
    private static final Key<Integer> COUNT = Key.count("tract.test.count", 3, 1, 8, "A count.");

    @Test
    void readsSizesAndDurationsWithTheirUnits() {
        assertThat(Key.parseSize("8MiB")).isEqualTo(8L << 20);
        assertThat(Key.parseSize("512k")).isEqualTo(512L << 10);
        assertThat(Key.parseSize("3 GiB")).isEqualTo(3L << 30);
        assertThat(Key.parseSize("17")).isEqualTo(17);
        assertThat(Key.parseDurationMs("250ms")).isEqualTo(250);
        assertThat(Key.parseDurationMs("5m")).isEqualTo(300_000);
        assertThat(Key.parseDurationMs("0")).isZero();
    }

    @Test
    void takesDefaultsWhereNothingIsSet() throws ConfigException {
        Settings.Reader reader = new Settings(Map.of()).reader();
        assertThat(reader.get(SIZE)).isEqualTo(8L << 20);
        assertThat(reader.get(TIME)).isEqualTo(Duration.ofSeconds(3));
        reader.finish(List.of("tract."));
    }

    @Test
    void reportsEveryProblemAtOnce() {
        Settings.Reader reader = new Settings(Map.of(
                        "tract.test.size", "big",
                        "tract.test.time", "3",
                        "tract.test.count", "9",
                        "tract.test.colour", "blue",
                        "other.key", "1"))
                .reader();
        assertThat(reader.get(COUNT)).isEqualTo(3);
        reader.get(SIZE);
        reader.get(TIME);
        assertThatThrownBy(() -> reader.finish(List.of("tract.")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tract.test.size = 'big': expected a whole number")
                .hasMessageContaining("tract.test.time = '3': expected a duration")
                .hasMessageContaining("tract.test.count = '9': expected 1 to 8")
                .hasMessageContaining("tract.test.colour: unknown key")
                .hasMessageNotContaining("other.key");
    }
}
