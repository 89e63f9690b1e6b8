package io.tractfs.cli.quickstart;

import io.tractfs.cli.cluster.ClusterDirectory;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.LogTail;
import io.tractfs.cli.console.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs one after the other, each into a log of its own, and shows how far it is. Confined to the command's
 * thread, but for {@link #abort}.
 */
final class JobRunner {
    private static final long POLL_MS = 100;
    private static final int MAX_SHOWN = 100;

    private final ClusterDirectory directory;
    private final Launcher launcher;
    private final Progress progress;
    private volatile @Nullable Process running;

    JobRunner(ClusterDirectory directory, Launcher launcher, Progress progress) {
        this.directory = directory;
        this.launcher = launcher;
        this.progress = progress;
    }

    /** Where a job's standard error goes: engines log there. */
    Path log(Job job) {
        return directory.logs().resolve("quickstart-" + job.name() + ".log");
    }

    /** Runs a job and returns the file with its standard output. */
    Path run(Job job) throws CommandFailure {
        return run(job, Companion.NONE);
    }

    /** The same with something beside it. */
    Path run(Job job, Companion companion) throws CommandFailure {
        Path log = log(job);
        Path output = directory.logs().resolve("quickstart-" + job.name() + ".out");
        long started = System.nanoTime();
        progress.now(job.title());
        int status = runToEnd(job, output, companion);
        double seconds = (System.nanoTime() - started) / 1e9;
        if (status != 0) {
            throw new CommandFailure(
                    job.title() + " failed with status " + status + ".\n" + LogTail.of(output) + LogTail.of(log));
        }
        progress.line(String.format(Locale.ROOT, "%-40s %6.1f s", job.title(), seconds));
        return output;
    }

    private int runToEnd(Job job, Path output, Companion companion) throws CommandFailure {
        try {
            Path work = Files.createDirectories(directory.temporary().resolve("work"));
            Process process = new ProcessBuilder(launcher.command(job.arguments()))
                    .directory(work.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(log(job).toFile())
                    .redirectOutput(output.toFile())
                    .start();
            running = process;
            try {
                while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                    String text = text(log(job));
                    progress.now(job.title() + " " + lastProgress(text));
                    companion.look(text);
                }
                return process.exitValue();
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new CommandFailure(job.title() + " cannot be run: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(job.title() + " was interrupted.", e);
        }
    }

    /** Ends the job that runs, if one does; from any thread. */
    void abort() {
        Process process = running;
        if (process != null) {
            process.destroy();
        }
    }

    /** What a job has logged so far. */
    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** What MapReduce last said of its progress. */
    private static String lastProgress(String text) {
        int at = text.lastIndexOf(" map ");
        if (at < 0) {
            return "";
        }
        int end = text.indexOf('\n', at);
        return text.substring(at, Math.min(end < 0 ? text.length() : end, at + MAX_SHOWN))
                .trim();
    }
}
