package io.tractfs.bench.workload;

import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Large files that the reading workloads share; made once for each replication. Not thread-safe. */
final class LargeFiles {
    /** How many there are. */
    static final int COUNT = 4;

    private final Site site;

    LargeFiles(Site site) {
        this.site = site;
    }

    /** Makes those that are not there. */
    void prepare() throws IOException {
        Path root = site.shared("large");
        site.files().mkdirs(root);
        FileStatus[] present = site.files().listStatus(root);
        if (present.length < COUNT) {
            site.crew().forEach(COUNT, 2, index -> NewFiles.write(site, path(index), pattern(index), length()));
        }
        for (FileStatus status : site.files().listStatus(root)) {
            if (status.getLen() != length()) {
                throw new IOException(status.getPath() + " has " + status.getLen() + " bytes, not " + length());
            }
        }
    }

    Path path(int index) {
        return new Path(site.shared("large"), "file-" + index);
    }

    Pattern pattern(int index) {
        return new Pattern(100_000 + index);
    }

    long length() {
        return site.fileBytes();
    }
}
