package io.tractfs.it.probe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Uses many file system objects at once and closes them; prints {@code THREADS OK} if they shared few threads and left
 * none.
 */
public final class ThreadsProbe {
    private static final int OBJECTS = 100;
    private static final int MOST_THREADS = 20;
    private static final long LIMIT_MS = 60_000;

    private ThreadsProbe() {}

    /** One argument: the file with the cluster's settings. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Configuration configuration = new Configuration();
        configuration.addResource(new Path(arguments[0]));
        configuration.set("fs.tract.pool.idle.timeout", "0s");
        List<FileSystem> all = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            FileSystem files = FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration);
            all.add(files);
            Path path = new Path("/objects/file-" + i);
            try (FSDataOutputStream out = files.create(path, true)) {
                out.write(i);
            }
            try (FSDataInputStream in = files.open(path)) {
                check(in.read() == i, "byte of " + path);
            }
            check(threads().size() < MOST_THREADS, "threads of " + all.size() + " objects: " + threads());
        }
        for (FileSystem files : all) {
            files.close();
            files.close();
        }
        // The timer's thread stays for a few seconds after its last task.
        for (Thread thread : threads()) {
            thread.join(LIMIT_MS);
        }
        check(threads().isEmpty(), "threads left: " + threads());
        System.out.println("THREADS OK");
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tractfs-"))
                .toList();
    }

    private static void check(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("wrong: " + what);
        }
    }
}
