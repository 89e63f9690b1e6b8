package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.client.ClientConfig;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class AdapterConfigTest {
    private final Configuration hadoop = new Configuration(false);

    @Test
    void hasTheDefaultsThatTheShippedFileDocuments() {
        Configuration shipped = new Configuration(false);
        shipped.addResource("tractfs-default.xml");

        ClientConfig.keys()
                .forEach(key ->
                        assertThat(shipped.get(key.name())).as(key.name()).isEqualTo(key.defaultText()));
        assertThat(shipped.size()).isEqualTo(ClientConfig.keys().size());
    }

    @Test
    void letsHadoopsConfigurationWin() throws IOException {
        hadoop.set("fs.tract.close.sync", "false");

        assertThat(AdapterConfig.of(hadoop).client().write().syncOnClose()).isFalse();
    }

    @Test
    void collectsLogicalNamesInSmallLetters() throws IOException {
        hadoop.set("fs.tract.metadata.Prod", "a,b");
        hadoop.set("fs.tract.impl", "io.tractfs.hadoop.TractFileSystem");

        assertThat(AdapterConfig.of(hadoop).logicalNames()).isEqualTo(Map.of("prod", "a,b"));
    }

    @Test
    void complainsAboutAllWrongValuesAtOnce() {
        hadoop.set("fs.tract.close.sync", "maybe");
        hadoop.set("fs.tract.call.timeout", "soon");

        assertThatThrownBy(() -> AdapterConfig.of(hadoop))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fs.tract.close.sync = 'maybe'")
                .hasMessageContaining("fs.tract.call.timeout = 'soon'");
    }
}
