package io.tractfs.sim.recovery;

import io.tractfs.sim.recovery.RecoveryScenario.Placement;
import java.io.PrintWriter;

/** Forecasts as people read them. Stateless. */
final class ForecastText {
    private static final int BAR = 50;

    private ForecastText() {}

    /** One forecast with its progress over time. */
    static void print(PrintWriter out, RecoveryForecast forecast) {
        RecoveryScenario scenario = forecast.scenario();
        out.printf(
                "%,d of %,d disks fail with %.1f GB each; %,d rows, %,d of them get another member%n",
                scenario.failedDisks(), scenario.disks(), scenario.diskBytes() / 1e9, scenario.rows(), forecast.rows());
        if (scenario.placement() == Placement.PLANNED) {
            out.printf("planned in         %10.0f ms on this machine%n", forecast.planNanos() / 1e6);
        }
        out.printf("recovered in       %10.1f s%n", forecast.seconds());
        out.printf(
                "copied             %10.1f GB at %.2f GB/s, from %,d disks to %,d%n",
                forecast.copiedBytes() / 1e9,
                forecast.copiedBytes() / 1e9 / forecast.seconds(),
                forecast.sources(),
                forecast.targets());
        out.printf(
                "least possible     %10.1f s, if every disk did the same share all the time%n",
                forecast.leastSeconds());
        out.printf(
                "busiest            %9.0f%% of the time a disk, %.0f%% a network card%n",
                forecast.busiestDisk() * 100, forecast.busiestCard() * 100);
        for (int point = 0; point < RecoveryForecast.POINTS; point++) {
            double part = forecast.progress().get(point);
            int filled = (int) Math.round(part * BAR);
            out.printf(
                    "%9.2f s |%s%s| %3.0f%%%n",
                    forecast.seconds() * (point + 1) / RecoveryForecast.POINTS,
                    "#".repeat(filled),
                    " ".repeat(BAR - filled),
                    part * 100);
        }
    }

    /** What FDS measured, what the model gives for FDS's way, and for ours on the same disks. */
    static void printFdsTable(PrintWriter out, int sessions) {
        out.println(
                "| disks | failed | GB lost | FDS measured | model, placed as FDS | model, TractFS | least possible |");
        out.println("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (FdsMeasurement measured : FdsMeasurement.ALL) {
            RecoveryForecast theirs = RecoveryModel.forecast(measured.scenario(Placement.RANDOM, sessions));
            RecoveryForecast ours = RecoveryModel.forecast(measured.scenario(Placement.PLANNED, sessions));
            out.printf(
                    "| %,d | %d | %.0f | %.1f s | %.1f s | %.1f s | %.1f s |%n",
                    measured.disks(),
                    measured.failedDisks(),
                    measured.failedDisks() * measured.diskBytes() / 1e9,
                    measured.seconds(),
                    theirs.seconds(),
                    ours.seconds(),
                    ours.leastSeconds());
            out.flush();
        }
    }
}
