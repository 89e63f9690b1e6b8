package io.tractfs.cli.cluster;

import static io.tractfs.cli.cluster.ClusterPlanTest.PLAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.console.CommandFailure;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterShapeTest {
    @Test
    void leavesAClusterAsItIsWithoutOptions() throws Exception {
        assertThat(shape(Optional.empty(), Optional.empty(), Map.of()).over(PLAN))
                .isEqualTo(PLAN);
    }

    @Test
    void acceptsOptionsThatSayWhatIsThere() throws Exception {
        assertThat(shape(Optional.of(2), Optional.of(7610), Map.of()).over(PLAN))
                .isEqualTo(PLAN);
    }

    @Test
    void remembersNewSettings() throws Exception {
        ClusterPlan plan = shape(Optional.empty(), Optional.empty(), Map.of("fs.tract.x", "1"))
                .over(PLAN);

        assertThat(plan.overrides()).containsEntry("fs.tract.x", "1").containsKey("tract.store.a");
    }

    @Test
    void refusesToChangeWhatWasFixedWhenTheClusterWasMade() {
        assertThatThrownBy(() -> shape(Optional.of(4), Optional.of(1), Map.of()).over(PLAN))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--tract-servers is 2")
                .hasMessageContaining("--port-base is 7610");
    }

    @Test
    void refusesWhatNoClusterCanBe() {
        assertThatThrownBy(
                        () -> shape(Optional.of(0), Optional.of(7610), Map.of()).fresh())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--tract-servers must be from 1 to 999, not 0");
        assertThatThrownBy(
                        () -> shape(Optional.of(2), Optional.of(80), Map.of()).fresh())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--port-base");
        assertThatThrownBy(() ->
                        shape(Optional.of(2), Optional.of(65_530), Map.of()).fresh())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("not enough");
    }

    private static ClusterShape shape(
            Optional<Integer> tractServers, Optional<Integer> portBase, Map<String, String> settings) {
        return new ClusterShape(
                Optional.empty(),
                tractServers,
                Optional.empty(),
                Optional.empty(),
                portBase,
                Optional.empty(),
                settings);
    }
}
