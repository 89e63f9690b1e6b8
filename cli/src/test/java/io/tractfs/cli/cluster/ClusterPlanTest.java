package io.tractfs.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.id.ClusterId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPlanTest {
    static final ClusterPlan PLAN = new ClusterPlan(
            new ClusterId(new UUID(1, 2)),
            "127.0.0.1",
            7610,
            1,
            2,
            1,
            3,
            Map.of("tract.store.a", "x = ü: 1"),
            Set.of());

    @TempDir
    Path directory;

    @Test
    void threeMetadataServersShareTheFirstTenPorts() throws Exception {
        ClusterPlan plan = new ClusterShape(
                        Optional.of(3),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(29_000),
                        Optional.empty(),
                        Map.of())
                .fresh();

        assertThat(plan.uri()).isEqualTo("tract://127.0.0.1:29000,127.0.0.1:29003,127.0.0.1:29006");
        String name = plan.logicalName().orElseThrow();
        assertThat(ServerSettings.coreSite(plan).values())
                .containsEntry("fs.defaultFS", "tract://" + name)
                .containsEntry("fs.tract.metadata." + name, "127.0.0.1:29000,127.0.0.1:29003,127.0.0.1:29006");
        assertThat(name).doesNotContain(",");
        assertThat(plan.webAddress(ServerName.metadata(3)).port()).isEqualTo(29_008);
        assertThat(plan.address(ServerName.tract(1)).port()).isEqualTo(29_010);
    }

    @Test
    void isTheSameAfterAStart() throws Exception {
        ClusterPlan plan = PLAN.withFormatted(ServerName.tract(2)).withFormatted(ServerName.metadata(1));
        Path file = directory.resolve("cluster.properties");

        plan.save(file);

        assertThat(ClusterPlan.load(file)).isEqualTo(plan);
    }

    @Test
    void givesEachServerTenPorts() {
        assertThat(PLAN.uri()).isEqualTo("tract://127.0.0.1:7610");
        assertThat(PLAN.raftAddress(ServerName.metadata(1)).port()).isEqualTo(7611);
        assertThat(PLAN.address(ServerName.tract(1)).port()).isEqualTo(7620);
        assertThat(PLAN.webAddress(ServerName.tract(2)).port()).isEqualTo(7632);
    }

    @Test
    void doesNotFitBeyondTheLastPort() {
        assertThat(PLAN.withPortBase(65_505).fits()).isTrue();
        assertThat(PLAN.withPortBase(65_506).fits()).isFalse();
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws Exception {
        Path file = directory.resolve("cluster.properties");
        Files.writeString(file, "cluster.id=00000000-0000-0001-0000-000000000002\nhost=h\nport.base=many\n");

        assertThatThrownBy(() -> ClusterPlan.load(file))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("port.base is not a number");
    }

    @Test
    void saysThatTheFileIsMissing() {
        assertThatThrownBy(() -> ClusterPlan.load(directory.resolve("none")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("none");
    }
}
