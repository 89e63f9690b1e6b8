package io.tractfs.bench.micro;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.TractId;
import java.nio.ByteBuffer;
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

/** Checksums of the chunks of one request: computed by the writer, verified by every server and reader. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ChecksumBenchmark {
    private static final TractId TRACT = new TractId(BlobId.of(new Epoch(1), 7), 3);

    /** Bytes of the request. */
    @Param({"4096", "1048576"})
    private int bytes;

    private ByteBuffer data = ByteBuffer.allocate(0);
    private ByteBuffer checksums = ByteBuffer.allocate(0);

    /** Makes a request. */
    @Setup
    public void fill() {
        byte[] random = new byte[bytes];
        new Random(1).nextBytes(random);
        data = ByteBuffer.allocateDirect(bytes).put(random).flip();
        checksums = ByteBuffer.allocate(ChunkChecksums.chunkCount(bytes) * Integer.BYTES);
        compute();
    }

    /** What a writer does. */
    @Benchmark
    public ByteBuffer compute() {
        checksums.clear();
        ChunkChecksums.compute(TRACT, 0, data.duplicate(), checksums);
        return checksums.flip();
    }

    /** What servers and readers do. */
    @Benchmark
    public int verify() {
        return ChunkChecksums.firstBad(TRACT, 0, data.duplicate(), checksums.duplicate());
    }
}
