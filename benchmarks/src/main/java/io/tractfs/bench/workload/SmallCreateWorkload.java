package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Files of 4 KiB made: create, write, close. Not thread-safe. */
final class SmallCreateWorkload implements Workload {
    private static final int CHECKED = 10;

    private final Site site;

    SmallCreateWorkload(Site site) {
        this.site = site;
    }

    @Override
    public void prepare() {
        // Nothing is read.
    }

    @Override
    public Round round() throws IOException {
        Path root = site.fresh("small");
        List<Maker> makers = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            Path own = new Path(root, "t" + thread);
            site.files().mkdirs(own);
            makers.add(new Maker(own));
        }
        return new Round() {
            @Override
            public List<Step> steps(int stage) {
                return List.copyOf(makers);
            }

            @Override
            public void finish() throws IOException {
                for (Maker maker : makers) {
                    maker.check();
                }
                NewFiles.remove(site.files(), root);
            }
        };
    }

    /** One thread's files. Confined to one thread at a time. */
    private final class Maker implements Step {
        private final Path root;
        private int made;

        Maker(Path root) {
            this.root = root;
        }

        @Override
        public long run() throws IOException {
            NewFiles.write(site, new Path(root, "f" + made), new Pattern(made), SmallFiles.SIZE);
            made++;
            return 1;
        }

        void check() throws IOException {
            int found = site.files().listStatus(root).length;
            if (found != made) {
                throw new IOException(root + " has " + found + " files, not " + made);
            }
            for (int number = Math.max(0, made - CHECKED); number < made; number++) {
                NewFiles.check(site.files(), new Path(root, "f" + number), new Pattern(number), SmallFiles.SIZE);
            }
        }
    }
}
