package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.fs.FSDataInputStream;

/** Positioned reads at random places of large files, each thread with a stream of its own. Not thread-safe. */
final class PositionedReadWorkload implements Workload {
    private final Site site;
    private final LargeFiles large;
    private final int size;
    private int rounds;

    PositionedReadWorkload(Site site, int size) {
        this.site = site;
        this.large = new LargeFiles(site);
        this.size = size;
    }

    @Override
    public void prepare() throws IOException {
        large.prepare();
    }

    @Override
    public Round round() throws IOException {
        int round = rounds++;
        List<FSDataInputStream> streams = new ArrayList<>();
        List<Step> readers = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            FSDataInputStream in = site.files().open(large.path(thread % LargeFiles.COUNT));
            streams.add(in);
            readers.add(reader(in, thread % LargeFiles.COUNT, new Random(31L * round + thread)));
        }
        return new Round() {
            @Override
            public List<Step> steps(int stage) {
                return readers;
            }

            @Override
            public void finish() throws IOException {
                for (FSDataInputStream in : streams) {
                    in.close();
                }
            }
        };
    }

    private Step reader(FSDataInputStream in, int file, Random random) {
        byte[] buffer = new byte[size];
        Pattern pattern = large.pattern(file);
        long places = large.length() - size;
        return () -> {
            long offset = (long) (random.nextDouble() * places);
            in.readFully(offset, buffer, 0, size);
            pattern.check(buffer, size, offset, large.path(file));
            return 1;
        };
    }
}
