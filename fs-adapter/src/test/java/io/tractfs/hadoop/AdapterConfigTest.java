package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class AdapterConfigTest {
    private final Configuration hadoop = new Configuration(false);

    @Test
    void hasTheDefaultsThatTheShippedFileDocuments() throws IOException {
        Configuration shipped = new Configuration(false);
        shipped.addResource("tractfs-default.xml");

        AdapterConfig.KEYS.forEach(
                key -> assertThat(shipped.get(key.name())).as(key.name()).isEqualTo(key.defaultText()));
        assertThat(shipped.size()).isEqualTo(AdapterConfig.KEYS.size());
        assertThat(AdapterConfig.of(hadoop).idleTime()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void letsHadoopsConfigurationWin() throws IOException {
        hadoop.set("fs.tract.close.sync", "false");

        assertThat(AdapterConfig.of(hadoop).closeSync()).isFalse();
    }

    @Test
    void handsTheOtherKeysToTheClient() throws IOException {
        hadoop.set("fs.tract.read.ahead", "4");
        hadoop.set("fs.tract.impl", "io.tractfs.hadoop.TractFileSystem");
        hadoop.set("fs.tract.impl.disable.cache", "true");
        hadoop.set("fs.tract.metadata.prod", "a,b");
        hadoop.set("fs.tract.client.idle.time", "1s");
        hadoop.set("fs.other", "x");

        assertThat(AdapterConfig.of(hadoop).client().values()).isEqualTo(Map.of("fs.tract.read.ahead", "4"));
    }

    @Test
    void complainsAboutAllWrongValuesAtOnce() {
        hadoop.set("fs.tract.close.sync", "maybe");
        hadoop.set("fs.tract.client.idle.time", "soon");

        assertThatThrownBy(() -> AdapterConfig.of(hadoop))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fs.tract.close.sync = 'maybe'")
                .hasMessageContaining("fs.tract.client.idle.time = 'soon'");
    }
}
