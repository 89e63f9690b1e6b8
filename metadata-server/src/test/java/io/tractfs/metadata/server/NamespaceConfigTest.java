package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.config.ConfigException;
import io.tractfs.config.Settings;
import io.tractfs.metadata.namespace.FileDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespaceConfigTest {
    @Test
    void hasItsDefaults() {
        NamespaceConfig config = NamespaceConfig.read(new Settings(Map.of()).reader());
        assertThat(config.defaults()).isEqualTo(new FileDefaults(8 << 20, 3, 128 << 20, 4));
        assertThat(config.softLimit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.hardLimit()).isEqualTo(Duration.ofMinutes(20));
        assertThat(config.supergroup()).isEqualTo("supergroup");
    }

    @Test
    void namesEveryProblemAtOnce() {
        Settings.Reader reader = new Settings(Map.of(
                        "tract.metadata.tract.size", "3MiB",
                        "tract.metadata.lease.soft", "2m",
                        "tract.metadata.lease.hard", "1m",
                        "tract.metadata.replication", "0"))
                .reader();
        NamespaceConfig.read(reader);
        assertThatThrownBy(() -> reader.finish(List.of("tract.metadata.")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tract.size")
                .hasMessageContaining("lease.hard")
                .hasMessageContaining("replication");
    }

    @Test
    void listsEveryKeyOnce() {
        assertThat(NamespaceConfig.KEYS)
                .doesNotHaveDuplicates()
                .allMatch(key -> key.name().startsWith("tract.metadata."))
                .noneMatch(key -> key.doc().isEmpty());
    }
}
