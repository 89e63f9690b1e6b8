package io.tractfs.bench.report;

import io.tractfs.bench.plan.Unit;
import io.tractfs.bench.worker.LatencyHistogram;
import io.tractfs.bench.worker.Sample;
import java.util.List;

/**
 * What one side did in a row. Costs are per portion of the row's unit. Immutable.
 *
 * @param median median of the rounds' rates
 * @param least lowest rate of a round
 * @param most highest rate of a round
 * @param rounds rates in the order of the rounds
 * @param p50Us median time of a call, all rounds together
 * @param p99Us time that 99 % of the calls do not exceed
 * @param clientCpuUs processor time of the client
 * @param serverCpuUs processor time of all servers
 * @param clientWakeUps times that a thread of the client waited
 * @param serverWakeUps times that a thread of a server waited
 * @param allocatedBytes heap that the client allocated
 */
public record SideResult(
        double median,
        double least,
        double most,
        List<Double> rounds,
        double p50Us,
        double p99Us,
        double clientCpuUs,
        double serverCpuUs,
        double clientWakeUps,
        double serverWakeUps,
        double allocatedBytes) {
    private static final double NANOS_PER_US = 1e3;

    /** Sums up rounds; at least one. */
    public static SideResult of(Unit unit, List<Sample> samples) {
        List<Double> rates =
                samples.stream().map(sample -> unit.rateOf(sample.perSecond())).toList();
        List<Double> sorted = rates.stream().sorted().toList();
        LatencyHistogram latencies = new LatencyHistogram();
        samples.forEach(sample -> latencies.addSparse(sample.latencies()));
        double amount = samples.stream().mapToLong(Sample::amount).sum();
        return new SideResult(
                median(sorted),
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                rates,
                latencies.percentile(0.5) / NANOS_PER_US,
                latencies.percentile(0.99) / NANOS_PER_US,
                unit.perPortion(sum(samples, sample -> sample.client().cpuNanos()) / NANOS_PER_US, amount),
                unit.perPortion(sum(samples, sample -> sample.servers().cpuNanos()) / NANOS_PER_US, amount),
                unit.perPortion(sum(samples, sample -> sample.client().wakeUps()), amount),
                unit.perPortion(sum(samples, sample -> sample.servers().wakeUps()), amount),
                unit.perPortion(sum(samples, Sample::allocatedBytes), amount));
    }

    private static double sum(List<Sample> samples, java.util.function.ToLongFunction<Sample> what) {
        return samples.stream().mapToLong(what).sum();
    }

    private static double median(List<Double> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
