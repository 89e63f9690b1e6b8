package io.tractfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.config.ConfigException;
import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientConfigTest {
    @Test
    void takesDefaultsThatTheirKeysAccept() throws ConfigException {
        for (Key<?> key : ClientConfig.keys()) {
            assertThat(key.name()).startsWith(ClientConfig.PREFIX);
            assertThat(key.parser().apply(key.defaultText())).isNotNull();
        }
        assertThat(ClientConfig.of(new Settings(Map.of()))).isEqualTo(ClientConfig.defaults());
        assertThat(ClientConfig.defaults().write().syncOnClose()).isTrue();
    }

    @Test
    void roundsPacketsDownToAPowerOfTwo() throws ConfigException {
        ClientConfig config = ClientConfig.of(new Settings(Map.of("fs.tract.packet.size", "700KiB")));
        assertThat(config.write().packetBytes()).isEqualTo(512 << 10);
    }

    @Test
    void namesEveryWrongValueAndPassesOverTheKeysOfOthers() {
        assertThatThrownBy(() -> ClientConfig.of(new Settings(Map.of(
                        "fs.tract.read.hedge.delay", "soon",
                        "fs.tract.packet.size", "1GiB",
                        "fs.tract.impl", "x"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fs.tract.read.hedge.delay")
                .hasMessageContaining("fs.tract.packet.size")
                .hasMessageNotContaining("fs.tract.impl");
    }
}
