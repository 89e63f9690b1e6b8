package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** Records of 128 bytes, each flushed or synced before the next; one file per thread. Not thread-safe. */
final class FlushWorkload implements Workload {
    private static final int RECORD = 128;

    private final Site site;
    private final boolean sync;

    FlushWorkload(Site site, boolean sync) {
        this.site = site;
        this.sync = sync;
    }

    @Override
    public void prepare() {
        // Nothing is read.
    }

    @Override
    public Round round() throws IOException {
        Path root = site.fresh("flush");
        List<Log> logs = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            logs.add(new Log(new Path(root, "log-" + thread), thread));
        }
        return new Round() {
            @Override
            public List<Step> steps(int stage) {
                return List.copyOf(logs);
            }

            @Override
            public void finish() throws IOException {
                for (Log log : logs) {
                    log.closeAndCheck();
                }
                NewFiles.remove(site.files(), root);
            }
        };
    }

    /** One file. Confined to one thread at a time. */
    private final class Log implements Step {
        private final Path path;
        private final Pattern pattern;
        private final FSDataOutputStream out;
        private long offset;

        Log(Path path, int number) throws IOException {
            this.path = path;
            this.pattern = new Pattern(number);
            this.out = NewFiles.create(site, path);
        }

        @Override
        public long run() throws IOException {
            pattern.write(out, offset, RECORD);
            if (sync) {
                out.hsync();
            } else {
                out.hflush();
            }
            offset += RECORD;
            return 1;
        }

        void closeAndCheck() throws IOException {
            out.close();
            NewFiles.check(site.files(), path, pattern, offset);
        }
    }
}
