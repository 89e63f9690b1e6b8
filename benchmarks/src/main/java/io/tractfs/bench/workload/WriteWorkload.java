package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Large files written from the first byte to the last; close is part of it. Not thread-safe. */
final class WriteWorkload implements Workload {
    private final Site site;

    WriteWorkload(Site site) {
        this.site = site;
    }

    @Override
    public void prepare() {
        // Nothing is read.
    }

    @Override
    public Round round() throws IOException {
        Path root = site.fresh("write");
        site.files().mkdirs(root);
        List<Writer> writers = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            writers.add(new Writer(root, thread));
        }
        return new Round() {
            @Override
            public List<Step> steps(int stage) {
                return List.copyOf(writers);
            }

            @Override
            public void finish() throws IOException {
                for (Writer writer : writers) {
                    writer.checkLast();
                }
                NewFiles.remove(site.files(), root);
            }
        };
    }

    /** One thread's files, one after the other. Confined to one thread at a time. */
    private final class Writer implements Step {
        private final Path root;
        private final int thread;
        private int number;
        private long offset;
        private @Nullable FSDataOutputStream out;

        Writer(Path root, int thread) {
            this.root = root;
            this.thread = thread;
        }

        private Path path() {
            return new Path(root, thread + "-" + number);
        }

        private Pattern pattern() {
            return new Pattern(1_000 * thread + number);
        }

        @Override
        public long run() throws IOException {
            FSDataOutputStream open = out;
            if (open == null) {
                number++;
                offset = 0;
                open = NewFiles.create(site, path());
                out = open;
            }
            pattern().write(open, offset, Pattern.CALL);
            offset += Pattern.CALL;
            if (offset >= site.fileBytes()) {
                end();
            }
            return Pattern.CALL;
        }

        @Override
        public void end() throws IOException {
            FSDataOutputStream open = out;
            if (open != null) {
                out = null;
                open.close();
            }
        }

        /** The last file is read back whole. */
        void checkLast() throws IOException {
            if (number > 0) {
                NewFiles.check(site.files(), path(), pattern(), offset);
            }
        }
    }
}
