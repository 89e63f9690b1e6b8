package io.tractfs.testkit.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A JVM of workers and readers: {@code CrashClient CORE-SITE JOURNALS ROOT SEED WORKERS READERS}. Runs until it is killed,
 * or until there is a file {@code stop} among the journals; then it closes its files and ends.
 */
public final class CrashClient {
    private static final int POLL_MS = 50;

    private CrashClient() {}

    /** Starts. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Configuration configuration = new Configuration();
        configuration.addResource(new Path(java.nio.file.Path.of(arguments[0]).toUri()));
        java.nio.file.Path journals = java.nio.file.Path.of(arguments[1]);
        String root = arguments[2];
        SplittableRandom seeds = new SplittableRandom(Long.parseLong(arguments[3]));
        List<CrashWorker> workers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
            Journal journal = new Journal(journals.resolve("worker-" + i));
            workers.add(new CrashWorker(files(configuration), root + "/w" + i, journal, seeds.nextLong()));
        }
        workers.forEach(worker -> threads.add(new Thread(worker, "crash-worker")));
        List<CrashReader> readers = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[5]); i++) {
            Journal journal = new Journal(journals.resolve("reader-" + i));
            readers.add(new CrashReader(files(configuration), workers, journal, seeds.nextLong()));
        }
        readers.forEach(reader -> threads.add(new Thread(reader, "crash-reader")));
        threads.forEach(Thread::start);
        while (!Files.exists(journals.resolve("stop"))) {
            Thread.sleep(POLL_MS);
        }
        readers.forEach(CrashReader::stop);
        workers.forEach(CrashWorker::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        System.exit(0);
    }

    private static FileSystem files(Configuration configuration) throws IOException {
        return FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration);
    }
}
