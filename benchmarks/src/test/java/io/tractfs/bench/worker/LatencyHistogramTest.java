package io.tractfs.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void findsPercentilesWithinThreePercent() {
        LatencyHistogram histogram = new LatencyHistogram();
        for (long nanos = 1; nanos <= 1_000_000; nanos++) {
            histogram.add(nanos);
        }

        assertThat(histogram.percentile(0.5)).isCloseTo(500_000, within(15_000.0));
        assertThat(histogram.percentile(0.99)).isCloseTo(990_000, within(30_000.0));
    }

    @Test
    void takesDurationsFromNothingToTheLongest() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.add(0);
        histogram.add(31);
        histogram.add(32);
        histogram.add(Long.MAX_VALUE);

        assertThat(histogram.percentile(0.5)).isCloseTo(31, within(1.0));
        assertThat(histogram.percentile(1)).isCloseTo(Long.MAX_VALUE, within(0.03 * Long.MAX_VALUE));
    }

    @Test
    void survivesTheWayBetweenProcesses() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.add(1_000);
        histogram.add(5_000_000);
        LatencyHistogram received = new LatencyHistogram();
        received.addSparse(histogram.sparse());

        assertThat(received.sparse()).isEqualTo(histogram.sparse()).hasSize(2);
    }

    @Test
    void hasNoPercentileWithoutDurations() {
        assertThat(new LatencyHistogram().percentile(0.99)).isZero();
    }
}
