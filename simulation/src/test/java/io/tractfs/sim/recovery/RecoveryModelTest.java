package io.tractfs.sim.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tractfs.sim.recovery.RecoveryScenario.Hardware;
import io.tractfs.sim.recovery.RecoveryScenario.Placement;
import io.tractfs.tract.reconcile.ReconcileLimits;
import org.junit.jupiter.api.Test;

class RecoveryModelTest {
    private static final Hardware DISKS = new Hardware(131_000_000, 0.7, 1_250_000_000);

    @Test
    void givesWhatFdsMeasuredForFdsOwnWay() {
        FdsMeasurement measured = FdsMeasurement.ALL.get(0);
        RecoveryForecast forecast = RecoveryModel.forecast(measured.scenario(Placement.RANDOM, 8));
        assertThat(forecast.seconds()).isCloseTo(measured.seconds(), within(measured.seconds() / 5));
    }

    @Test
    void copiesAllThatTheFailedDisksHeld() {
        RecoveryForecast forecast = RecoveryModel.forecast(scenario(40, 1, DISKS, Placement.PLANNED));
        assertThat(forecast.copiedBytes() / 1e9).isCloseTo(4, within(0.4));
        assertThat(forecast.rows()).isCloseTo(4_096 * 3 / 40, within(4));
        assertThat(forecast.targets()).isEqualTo(39);
        assertThat(forecast.progress().get(RecoveryForecast.POINTS - 1)).isCloseTo(1, within(1e-9));
    }

    @Test
    void isNeverFasterThanTheDisksAllow() {
        for (Placement placement : Placement.values()) {
            RecoveryForecast forecast = RecoveryModel.forecast(scenario(30, 3, DISKS, placement));
            assertThat(forecast.seconds()).isGreaterThan(forecast.leastSeconds());
            assertThat(forecast.busiestDisk()).isBetween(0.5, 1.0);
        }
    }

    @Test
    void isHeldUpByNetworkCardsThatAreSlowerThanTheDisks() {
        Hardware slow = new Hardware(131_000_000, 1, 20_000_000);
        RecoveryForecast forecast = RecoveryModel.forecast(scenario(30, 1, slow, Placement.PLANNED));
        assertThat(forecast.busiestCard()).isGreaterThan(0.8);
        assertThat(forecast.busiestDisk()).isLessThan(0.5);
    }

    @Test
    void givesTheSameForTheSameSeed() {
        RecoveryScenario scenario = scenario(20, 1, DISKS, Placement.PLANNED);
        RecoveryForecast once = RecoveryModel.forecast(scenario);
        RecoveryForecast again = RecoveryModel.forecast(scenario);
        assertThat(again.seconds()).isEqualTo(once.seconds());
        assertThat(again.progress()).isEqualTo(once.progress());
    }

    @Test
    void givesReplacementsAndSourcesMoreEvenlyThanChance() {
        double planned = RecoveryModel.forecast(scenario(60, 1, DISKS, Placement.PLANNED))
                .seconds();
        double random =
                RecoveryModel.forecast(scenario(60, 1, DISKS, Placement.RANDOM)).seconds();
        assertThat(planned).isLessThan(random);
    }

    private static RecoveryScenario scenario(int disks, int failed, Hardware hardware, Placement placement) {
        return new RecoveryScenario(
                disks, 3, failed, 4_000_000_000L, 8 << 20, 4_096, hardware, placement, 8, ReconcileLimits.DEFAULT, 1);
    }
}
