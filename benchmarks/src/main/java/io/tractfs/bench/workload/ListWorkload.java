package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** A directory of 10,000 files listed. Not thread-safe. */
final class ListWorkload implements Workload {
    private static final int FILES = 10_000;

    private final Site site;
    private final Path root;

    ListWorkload(Site site) {
        this.site = site;
        this.root = site.shared("list");
    }

    @Override
    public void prepare() throws IOException {
        site.files().mkdirs(root);
        if (site.files().listStatus(root).length < FILES) {
            site.crew()
                    .forEach(
                            FILES,
                            Crew.SIZE,
                            number -> NewFiles.create(site, new Path(root, "file-" + number))
                                    .close());
        }
    }

    @Override
    public Round round() {
        Step list = () -> {
            int found = site.files().listStatus(root).length;
            if (found != FILES) {
                throw new IOException(root + " has " + found + " entries, not " + FILES);
            }
            return found;
        };
        return new Round() {
            @Override
            public List<Step> steps(int stage) {
                return Collections.nCopies(site.threads(), list);
            }

            @Override
            public void finish() {
                // Nothing was written.
            }
        };
    }
}
