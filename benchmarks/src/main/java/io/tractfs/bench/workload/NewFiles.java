package io.tractfs.bench.workload;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files as the workloads make and check them. Stateless, thread-safe. */
final class NewFiles {
    private static final int BUFFER = 64 << 10;
    private static final long BLOCK = 128L << 20;

    private NewFiles() {}

    /** A new file. */
    static FSDataOutputStream create(Site site, Path path) throws IOException {
        return site.files().create(path, true, BUFFER, site.replication(), BLOCK);
    }

    /** A new file with the bytes of a pattern. */
    static void write(Site site, Path path, Pattern pattern, long length) throws IOException {
        try (FSDataOutputStream out = create(site, path)) {
            for (long offset = 0; offset < length; offset += Pattern.CALL) {
                pattern.write(out, offset, (int) Math.min(Pattern.CALL, length - offset));
            }
        }
    }

    /** Fails unless a file is what a pattern says. */
    static void check(FileSystem files, Path path, Pattern pattern, long length) throws IOException {
        try (FSDataInputStream in = files.open(path)) {
            pattern.checkAll(in, length, path);
        }
    }

    /** Removes a tree, which need not be there. */
    static void remove(FileSystem files, Path path) throws IOException {
        files.delete(path, true);
    }
}
