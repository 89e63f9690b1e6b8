package io.tractfs.cli.cluster;

import static io.tractfs.cli.cluster.ClusterPlanTest.PLAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
    private static final ClusterDirectory DIRECTORY = ClusterDirectory.of(Path.of("/clusters/a"));

    @Test
    void pointsATractServerToTheMetadataServer() {
        Settings settings = ServerSettings.of(PLAN, DIRECTORY, ServerName.tract(2));

        assertThat(settings.values())
                .containsEntry("tract.store.server.name", "tract-2")
                .containsEntry("tract.store.dirs", "/clusters/a/data/tract-2/store-1")
                .containsEntry("tract.store.data.bind", "127.0.0.1:7630")
                .containsEntry("tract.store.metadata", "127.0.0.1:7610");
    }

    @Test
    void tellsTheMetadataServerHowManyStoresToExpect() {
        Settings settings = ServerSettings.of(PLAN, DIRECTORY, ServerName.metadata(1));

        assertThat(settings.values())
                .containsEntry("tract.metadata.expected.stores", "2")
                .containsEntry("tract.metadata.rows", "4096")
                .containsEntry("tract.metadata.columns", "3")
                .doesNotContainKey("tract.store.a");
    }

    @Test
    void tellsTheMetadataServerTooWhoMayActForWhom() {
        ClusterPlan plan = PLAN.withOverrides(Map.of("hadoop.proxyuser.oozie.hosts", "*"));

        assertThat(ServerSettings.of(plan, DIRECTORY, ServerName.metadata(1)).values())
                .containsEntry("hadoop.proxyuser.oozie.hosts", "*");
        assertThat(ServerSettings.of(plan, DIRECTORY, ServerName.tract(1)).values())
                .doesNotContainKey("hadoop.proxyuser.oozie.hosts");
        assertThat(ServerSettings.coreSite(plan).values()).containsEntry("hadoop.proxyuser.oozie.hosts", "*");
    }

    @Test
    void givesTheUsersSettingsToThoseTheyAreFor() {
        ClusterPlan plan = PLAN.withOverrides(
                Map.of("tract.metadata.rows", "8", "dfs.blocksize", "1m", "fs.defaultFS", "file:///"));

        assertThat(ServerSettings.of(plan, DIRECTORY, ServerName.metadata(1)).values())
                .containsEntry("tract.metadata.rows", "8")
                .doesNotContainKey("dfs.blocksize");
        assertThat(ServerSettings.coreSite(plan).values())
                .containsEntry("dfs.blocksize", "1m")
                .containsEntry("fs.defaultFS", "file:///")
                .doesNotContainKey("tract.metadata.rows")
                .doesNotContainKey("tract.store.a");
    }

    @Test
    void givesASettingToOneServerAloneAndTheTopologyToTheMetadataServer() {
        ClusterPlan plan = PLAN.withOverrides(
                Map.of("tract-1:tract.store.domain", "/rack-1", "net.topology.script.file.name", "/x"));

        assertThat(ServerSettings.of(plan, DIRECTORY, ServerName.tract(1)).values())
                .containsEntry("tract.store.domain", "/rack-1");
        assertThat(ServerSettings.of(plan, DIRECTORY, ServerName.tract(2)).values())
                .doesNotContainKey("tract.store.domain");
        assertThat(ServerSettings.of(plan, DIRECTORY, ServerName.metadata(1)).values())
                .containsEntry("net.topology.script.file.name", "/x");
        assertThat(ServerSettings.coreSite(plan).values())
                .containsEntry("net.topology.script.file.name", "/x")
                .doesNotContainKey("tract-1:tract.store.domain");
    }
}
