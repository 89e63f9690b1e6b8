package io.tractfs.testkit.crash;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of {@link CrashClient} with its journals. Not thread-safe. */
final class ClientProcess {
    private static final int WORKERS = 3;
    private static final int READERS = 1;
    private static final long ENDED_WITHIN_MS = 300_000;

    private final Path journals;
    private final String root;
    private final Process process;

    private ClientProcess(Path journals, String root, Process process) {
        this.journals = journals;
        this.root = root;
        this.process = process;
    }

    /** Starts a client that writes below a root of its own. */
    static ClientProcess start(ProcessCluster cluster, Path journals, String root, long seed) throws IOException {
        Files.createDirectories(journals);
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CrashClient.class.getName(),
                cluster.configurationDirectory().resolve("core-site.xml").toString(),
                journals.toString(),
                root,
                Long.toString(seed),
                Integer.toString(WORKERS),
                Integer.toString(READERS)));
        Path output = journals.resolve("output");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ClientProcess(journals, root, process);
    }

    long pid() {
        return process.pid();
    }

    /** Waits until every worker has done some steps. */
    void awaitBusy(int bytesOfJournal) throws IOException {
        for (int i = 0; i < WORKERS; i++) {
            Path journal = journals.resolve("worker-" + i);
            Await.until("the client gets on: " + journal, () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("the client does not get on:\n" + output());
                }
                return Files.exists(journal) && Files.size(journal) >= bytesOfJournal;
            });
        }
    }

    /** Has the workers close their files and end. */
    void end() throws IOException, InterruptedException {
        Files.writeString(journals.resolve("stop"), "");
        if (!process.waitFor(ENDED_WITHIN_MS, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the client does not end:\n" + output());
        }
    }

    /** Waits for a process that was killed. */
    void awaitDeath() {
        process.onExit().join();
    }

    void kill() {
        process.destroyForcibly();
        awaitDeath();
    }

    /**
     * Every worker's root, with what may be there.
     *
     * @param onlySynced whether what was flushed and not synced may be lost
     */
    List<Written> written(boolean onlySynced) throws IOException {
        List<Path> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(journals.resolve("reader-" + i));
        }
        List<Written> all = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            all.add(new Written(root + "/w" + i, Expectation.of(journals.resolve("worker-" + i), readers, onlySynced)));
        }
        return all;
    }

    /** One worker's directory. */
    record Written(String root, Expectation expectation) {}

    private String output() throws IOException {
        return Files.readString(journals.resolve("output"));
    }
}
