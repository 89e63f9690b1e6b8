package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Files of 4 KiB opened, read to the end, closed. Not thread-safe. */
final class OpenReadWorkload implements Workload {
    private static final int FILES = 500;
    private static final int PARALLEL = 16;

    private final Site site;
    private final Path root;
    private int rounds;

    OpenReadWorkload(Site site) {
        this.site = site;
        this.root = site.shared("small-read");
    }

    @Override
    public void prepare() throws IOException {
        site.files().mkdirs(root);
        if (site.files().listStatus(root).length < FILES) {
            site.crew()
                    .forEach(
                            FILES,
                            PARALLEL,
                            number -> NewFiles.write(site, path(number), new Pattern(number), SmallFiles.SIZE));
        }
    }

    private Path path(int number) {
        return new Path(root, "f" + number);
    }

    @Override
    public Round round() {
        int round = rounds++;
        List<Step> readers = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            readers.add(reader(new Random(31L * round + thread)));
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

    private Step reader(Random random) {
        byte[] buffer = new byte[SmallFiles.SIZE];
        return () -> {
            int number = random.nextInt(FILES);
            try (FSDataInputStream in = site.files().open(path(number))) {
                in.readFully(buffer);
            }
            new Pattern(number).check(buffer, SmallFiles.SIZE, 0, path(number));
            return 1;
        };
    }
}
