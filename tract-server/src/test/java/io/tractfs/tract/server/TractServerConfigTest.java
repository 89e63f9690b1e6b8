package io.tractfs.tract.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.config.ConfigException;
import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import io.tractfs.tract.store.StoreConfig;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TractServerConfigTest {
    @Test
    void takesEveryDefault() throws ConfigException {
        TractServerConfig config = read(Map.of());

        assertThat(config.dataBind()).isEqualTo(new HostPort("0.0.0.0", 7620));
        assertThat(config.dataAdvertised().port()).isEqualTo(7620);
        assertThat(config.dataAdvertised().host()).isNotEqualTo("0.0.0.0");
        assertThat(config.metadata()).containsExactly(new HostPort("localhost", 7610));
        assertThat(config.heartbeatMs()).isEqualTo(250);
    }

    @Test
    void readsWhatIsSet() throws ConfigException {
        TractServerConfig config = read(Map.of(
                "tract.store.server.name", "tract-9",
                "tract.store.data.bind", "[::1]:0",
                "tract.store.data.advertised", "data.example:17620",
                "tract.store.metadata", "one:1, two",
                "tract.store.reconcile.piece.size", "100000"));

        assertThat(config.name()).isEqualTo("tract-9");
        assertThat(config.dataBind()).isEqualTo(new HostPort("::1", 0));
        assertThat(config.dataAdvertised()).isEqualTo(new HostPort("data.example", 17620));
        assertThat(config.metadata()).containsExactly(new HostPort("one", 1), new HostPort("two", 7610));
        assertThat(config.reconcileLimits().pieceBytes()).isEqualTo(99_840);
    }

    @Test
    void advertisesTheBoundAddressWhereItIsOne() throws ConfigException {
        assertThat(read(Map.of("tract.store.data.bind", "127.0.0.1:0")).dataAdvertised())
                .isEqualTo(new HostPort("127.0.0.1", 0));
    }

    @Test
    void complainsAboutEverythingAtOnce() {
        assertThatThrownBy(() -> read(Map.of(
                        "tract.store.write.threads", "0",
                        "tract.store.data.bind", "nonsense::",
                        "tract.store.metadata", ",",
                        "tract.store.unheard.of", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "tract.store.write.threads",
                        "tract.store.data.bind",
                        "tract.store.metadata",
                        "tract.store.unheard.of");
    }

    @Test
    void isDocumentedKeyByKey() throws IOException {
        List<Key<?>> keys = new ArrayList<>(TractServerConfig.keys());
        keys.addAll(StoreConfig.KEYS);
        String docs = Files.readString(Path.of("..", "docs", "configuration.md"));

        for (Key<?> key : keys) {
            assertThat(docs).contains(line(key));
        }
    }

    private static String line(Key<?> key) {
        String text = key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
        return "| `" + key.name() + "` | " + text + " | " + key.unit().replace("|", "\\|") + " | " + key.doc() + " |";
    }

    private static TractServerConfig read(Map<String, String> settings) throws ConfigException {
        Settings.Reader reader = new Settings(settings).reader();
        TractServerConfig config = TractServerConfig.read(reader);
        reader.finish(List.of(TractServerConfig.PREFIX));
        return config;
    }

    /** Prints the section for the documentation. */
    public static void main(String[] args) {
        List<Key<?>> keys = new ArrayList<>(TractServerConfig.keys());
        keys.addAll(StoreConfig.KEYS);
        keys.forEach(key -> System.out.println(line(key)));
    }
}
