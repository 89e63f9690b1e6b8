package io.tractfs.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the operating system with a bound on its time; output is kept. Immutable. */
public record Command(List<String> words, Map<String, String> environment, long timeoutSeconds) {
    /** What a command did. */
    public record Outcome(int exitCode, String output) {
        /** The output, if the command succeeded. */
        public String orFail() {
            if (exitCode != 0) {
                throw new AssertionError("Exit code " + exitCode + ":\n" + output);
            }
            return output;
        }
    }

    /** {@code bin/tractfs} with arguments. */
    public static Command tractfs(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("tractfs.home"), "bin", "tractfs").toString());
        words.addAll(List.of(arguments));
        return new Command(words, Map.of(), 600);
    }

    /** The same with other environment variables. */
    public Command with(Map<String, String> variables) {
        return new Command(words, variables, timeoutSeconds);
    }

    /** What a command did, standard output and standard error apart. */
    public record Streams(int exitCode, String output, String errors) {}

    /** Runs to the end; standard error and output come apart. */
    public Streams runApart() {
        try {
            Path errors = Files.createTempFile("tractfs-command", ".err");
            try {
                Outcome outcome = run(ProcessBuilder.Redirect.to(errors.toFile()));
                return new Streams(outcome.exitCode(), outcome.output(), Files.readString(errors, UTF_8));
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs to the end; standard error and output come together. */
    public Outcome run() {
        return run(ProcessBuilder.Redirect.PIPE);
    }

    /** A pipe for the errors means that they go with the output. */
    private Outcome run(ProcessBuilder.Redirect errors) {
        try {
            Path output = Files.createTempFile("tractfs-command", ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(words)
                        .redirectErrorStream(errors.type() == ProcessBuilder.Redirect.Type.PIPE)
                        .redirectError(errors)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("Still running after " + timeoutSeconds + " s: " + words + "\n"
                            + Files.readString(output, UTF_8));
                }
                return new Outcome(process.exitValue(), Files.readString(output, UTF_8));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + words, e);
        }
    }
}
