package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.config.ConfigException;
import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataConfigTest {
    @Test
    void takesEveryDefault() throws ConfigException {
        MetadataConfig config = MetadataConfig.read(new Settings(Map.of("tract.metadata.dir", "/data")));

        assertThat(config.rpcBind()).isEqualTo(new HostPort("0.0.0.0", 7610));
        assertThat(config.shape().rows()).isEqualTo(65_536);
        assertThat(config.timing().death()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.superuser()).isNotEmpty();
    }

    @Test
    void complainsAboutEverythingAtOnce() {
        assertThatThrownBy(() -> MetadataConfig.read(new Settings(Map.of(
                        "tract.metadata.rows", "100",
                        "tract.metadata.rpc.bind", "nonsense::",
                        "tract.metadata.death.time", "soon",
                        "tract.metadata.unheard.of", "1"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "tract.metadata.dir",
                        "tract.metadata.rows",
                        "tract.metadata.rpc.bind",
                        "tract.metadata.death.time",
                        "tract.metadata.unheard.of");
    }

    @Test
    void isDocumentedKeyByKey() throws IOException {
        String docs = Files.readString(Path.of("..", "docs", "configuration.md"));

        for (Key<?> key : MetadataConfig.keys()) {
            assertThat(docs).contains(line(key));
        }
    }

    /** How a key is documented. */
    static String line(Key<?> key) {
        String text = key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
        return "| `" + key.name() + "` | " + text + " | " + key.unit().replace("|", "\\|") + " | " + key.doc() + " |";
    }
}
