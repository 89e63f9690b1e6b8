package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Large files read from the first byte to the last. Of every sixteenth call all bytes are compared, of the others the
 * ends. Not thread-safe.
 */
final class ReadWorkload implements Workload {
    private static final int FULL_CHECK = 16;

    private final Site site;
    private final LargeFiles large;

    ReadWorkload(Site site) {
        this.site = site;
        this.large = new LargeFiles(site);
    }

    @Override
    public void prepare() throws IOException {
        large.prepare();
    }

    @Override
    public Round round() {
        List<Step> readers = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            readers.add(new Reader(thread % LargeFiles.COUNT));
        }
        return new Round() {
            @Override
            public List<Step> steps(int stage) {
                return readers;
            }

            @Override
            public void finish() {
                // Nothing was written.
            }
        };
    }

    /** Reads file after file. Confined to one thread. */
    private final class Reader implements Step {
        private final byte[] buffer = new byte[Pattern.CALL];
        private int file;
        private long offset;
        private long calls;
        private @Nullable FSDataInputStream in;

        Reader(int file) {
            this.file = file;
        }

        @Override
        public long run() throws IOException {
            FSDataInputStream open = in;
            if (open == null) {
                open = site.files().open(large.path(file));
                in = open;
                offset = 0;
            }
            int read = open.read(buffer, 0, Pattern.CALL);
            if (read <= 0) {
                throw new IOException("End of " + large.path(file) + " at " + offset);
            }
            check(read);
            offset += read;
            if (offset == large.length()) {
                end();
                file = (file + 1) % LargeFiles.COUNT;
            }
            return read;
        }

        private void check(int read) throws IOException {
            Path path = large.path(file);
            if (calls++ % FULL_CHECK == 0) {
                large.pattern(file).check(buffer, read, offset, path);
            } else {
                large.pattern(file).checkEnds(buffer, read, offset, path);
            }
        }

        @Override
        public void end() throws IOException {
            FSDataInputStream open = in;
            if (open != null) {
                in = null;
                open.close();
            }
        }
    }
}
