package io.tractfs.bench.micro;

import io.tractfs.tract.ranges.ByteRanges;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Ranges that clients wrote to a tract whose beginning has not arrived, merged with what reconcile brings. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RangesBenchmark {
    private static final int TRACT = 8 << 20;
    private static final int PIECE = 1 << 20;

    /** Ranges that are there. */
    @Param({"1", "64"})
    private int count;

    private ByteRanges held = ByteRanges.EMPTY;

    /** Scatters ranges over a tract. */
    @Setup
    public void scatter() {
        Random random = new Random(1);
        for (int range = 0; range < count; range++) {
            int from = random.nextInt(TRACT - PIECE);
            held = held.plus(from, from + random.nextInt(PIECE / count) + 1);
        }
    }

    /** What of a piece of a reconciled tract is not there yet. */
    @Benchmark
    public ByteRanges missing() {
        return ByteRanges.of(PIECE, 2 * PIECE).minus(held);
    }

    /** A piece taken up. */
    @Benchmark
    public ByteRanges plus() {
        return held.plus(PIECE, 2 * PIECE);
    }
}
