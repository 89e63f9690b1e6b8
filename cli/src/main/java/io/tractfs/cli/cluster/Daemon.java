package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.LogTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One server process of a local cluster, known by its pid file. It is started in a session of its own, so that it
 * outlives the command and the terminal. Confined to the command's thread.
 */
public final class Daemon {
    private static final long POLL_MS = 50;
    private static final long SIGNAL_LIMIT_NANOS = 10_000_000_000L;
    private static final List<String> SETSID = List.of("/usr/bin/setsid", "/bin/setsid");
    private static final Path NO_INPUT = Path.of("/dev/null");
    /** Memory of the servers of a local cluster, where the environment does not say otherwise. */
    private static final Map<String, String> MEMORY = Map.of(
            "TRACTFS_METADATA_HEAP", "512m",
            "TRACTFS_METADATA_DIRECT", "256m",
            "TRACTFS_METADATA_OPTS", "-XX:+UseSerialGC",
            "TRACTFS_TRACT_HEAP", "384m",
            "TRACTFS_TRACT_DIRECT", "384m",
            "TRACTFS_TRACT_OPTS", "-XX:+UseSerialGC");

    private final ServerName name;
    private final ClusterDirectory directory;
    private final ProcessTable processes;
    private final Launcher launcher;

    /** A server of a cluster. */
    public Daemon(ServerName name, ClusterDirectory directory, ProcessTable processes, Launcher launcher) {
        this.name = name;
        this.directory = directory;
        this.processes = processes;
        this.launcher = launcher;
    }

    /** Its name. */
    public ServerName name() {
        return name;
    }

    /** The number in its pid file. */
    public OptionalLong pid() {
        try {
            return OptionalLong.of(
                    Long.parseLong(Files.readString(directory.pid(name)).trim()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** What it does. */
    public ProcessTable.State state() {
        OptionalLong pid = pid();
        return pid.isEmpty() ? ProcessTable.State.DEAD : processes.state(pid.getAsLong(), marker());
    }

    /** Its command line names its own settings. */
    private String marker() {
        return directory.conf(name).toString();
    }

    /**
     * Starts it.
     *
     * @param more further arguments
     */
    public void start(List<String> more) throws CommandFailure {
        List<String> arguments = new ArrayList<>(List.of(name.kind().command(), "--conf", marker()));
        arguments.addAll(more);
        List<String> command = new ArrayList<>();
        SETSID.stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .ifPresent(command::add);
        command.addAll(launcher.command(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.root().toFile())
                .redirectInput(NO_INPUT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.output(name).toFile()));
        builder.environment().put("TRACTFS_LOG_FILE", directory.log(name).toString());
        builder.environment().put("TRACTFS_NO_BUILD", "true");
        MEMORY.forEach((key, value) -> builder.environment().putIfAbsent(key, value));
        try {
            Process process = builder.start();
            Files.writeString(directory.pid(name), process.pid() + "\n");
        } catch (IOException e) {
            throw new CommandFailure("Cannot start " + name + ": " + e, e);
        }
    }

    /** Sends a signal if it lives. */
    public void signal(ProcessTable.Signal signal) throws CommandFailure {
        OptionalLong pid = pid();
        if (pid.isPresent() && state() != ProcessTable.State.DEAD) {
            processes.signal(pid.getAsLong(), signal);
        }
    }

    /** Asks it to end; a frozen one is let go on, since it could not hear it. */
    public void terminate() throws CommandFailure {
        signal(ProcessTable.Signal.TERM);
        signal(ProcessTable.Signal.CONT);
    }

    /** Waits until it is gone; false if it is not within the time. */
    public boolean awaitDeath(long timeoutMs) throws CommandFailure {
        long deadline = System.nanoTime() + timeoutMs * 1_000_000;
        while (state() != ProcessTable.State.DEAD) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Waits until a signal has had its effect. */
    public void awaitState(ProcessTable.State wanted) throws CommandFailure {
        long deadline = System.nanoTime() + SIGNAL_LIMIT_NANOS;
        while (state() != wanted) {
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailure(name + " is " + state() + ", not " + wanted + ".");
            }
            pause();
        }
    }

    /** The end of its log and of what it printed, for a message. */
    public String lastWords() {
        return LogTail.of(directory.output(name)) + LogTail.of(directory.log(name));
    }

    /** Waits a moment. */
    static void pause() throws CommandFailure {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted.", e);
        }
    }
}
