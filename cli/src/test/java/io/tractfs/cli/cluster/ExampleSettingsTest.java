package io.tractfs.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.config.ConfigFile;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples in {@code conf} can be read, and name keys that the servers of a local cluster are given too. */
class ExampleSettingsTest {
    private static final Path CONF = Path.of("..", "conf");
    private static final ClusterDirectory DIRECTORY = ClusterDirectory.of(Path.of("cluster"));

    @Test
    void setsKeysOfTheMetadataServer() throws Exception {
        assertThat(keys("metadata-server.xml.example"))
                .isNotEmpty()
                .isSubsetOf(ServerSettings.of(ClusterPlanTest.PLAN, DIRECTORY, ServerName.metadata(1))
                        .values()
                        .keySet());
    }

    @Test
    void setsKeysOfTheTractServer() throws Exception {
        assertThat(keys("tract-server.xml.example"))
                .isNotEmpty()
                .isSubsetOf(ServerSettings.of(ClusterPlanTest.PLAN, DIRECTORY, ServerName.tract(1))
                        .values()
                        .keySet());
    }

    @Test
    void setsKeysOfHadoop() throws Exception {
        assertThat(keys("core-site.xml.example"))
                .isNotEmpty()
                .isSubsetOf(
                        ServerSettings.coreSite(ClusterPlanTest.PLAN).values().keySet());
    }

    private static Set<String> keys(String file) throws Exception {
        return ConfigFile.read(CONF.resolve(file)).values().keySet();
    }
}
