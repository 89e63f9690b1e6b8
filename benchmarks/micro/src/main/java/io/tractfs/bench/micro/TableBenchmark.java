package io.tractfs.bench.micro;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.TractId;
import io.tractfs.table.Row;
import io.tractfs.table.TableImage;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.proto.RowMessage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Finding a tract's row, and rows on the wire. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TableBenchmark {
    private static final int ROWS = 65_536;
    private static final int STORES = 20;

    private final TableImage image = Tables.image(ROWS, STORES);
    private final RowMessage encoded = RowCodec.encode(image.rows().get(0));
    private long next;

    /** The row of one tract after the other. */
    @Benchmark
    public Row lookUp() {
        long number = next++;
        return image.rowOf(new TractId(BlobId.of(new Epoch(1), number & 0xFFFF), (int) (number >>> 16) & 0xFF));
    }

    /** A row as it is sent to clients. */
    @Benchmark
    public RowMessage encode() {
        return RowCodec.encode(image.rows().get((int) (next++ & (ROWS - 1))));
    }

    /** A row as a client gets it. */
    @Benchmark
    public Row decode() throws TractException {
        return RowCodec.decode(encoded);
    }
}
