package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Status of files, three directories deep. Not thread-safe. */
final class StatWorkload implements Workload {
    private static final int FILES = 1_000;
    private static final int PARALLEL = 16;

    private final Site site;
    private final Path root;
    private int rounds;

    StatWorkload(Site site) {
        this.site = site;
        this.root = new Path(site.shared("status"), "a/b");
    }

    @Override
    public void prepare() throws IOException {
        site.files().mkdirs(root);
        if (site.files().listStatus(root).length < FILES) {
            site.crew()
                    .forEach(
                            FILES,
                            PARALLEL,
                            number -> NewFiles.create(site, path(number)).close());
        }
    }

    private Path path(int number) {
        return new Path(root, "file-" + number);
    }

    @Override
    public Round round() {
        int round = rounds++;
        List<Step> steps = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            Random random = new Random(31L * round + thread);
            steps.add(() -> {
                Path path = path(random.nextInt(FILES));
                FileStatus status = site.files().getFileStatus(path);
                if (!status.isFile() || !status.getPath().getName().equals(path.getName())) {
                    throw new IOException("Wrong status of " + path + ": " + status);
                }
                return 1;
            });
        }
        return new Round() {
            @Override
            public List<Step> steps(int stage) {
                return steps;
            }

            @Override
            public void finish() {
                // Nothing was written.
            }
        };
    }
}
