package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processes of this machine as Linux shows them below {@code /proc}, and signals to them. Thread-safe.
 *
 * @param proc {@code /proc}, but in tests
 */
public record ProcessTable(Path proc) {
    /** More than the command line of a server has, whose class path is some ten thousand bytes. */
    private static final int COMMAND_LINE_BYTES = 128 * 1024;

    /** What a process does. */
    public enum State {
        /** It runs. */
        RUNNING,
        /** It is stopped by a signal. */
        FROZEN,
        /** There is none. */
        DEAD
    }

    /** Signals that are sent to servers. */
    public enum Signal {
        /** Ends it in order. */
        TERM,
        /** Ends it at once. */
        KILL,
        /** Freezes it. */
        STOP,
        /** Lets it go on. */
        CONT
    }

    /** The machine's processes. */
    public static ProcessTable ofThisMachine() {
        return new ProcessTable(Path.of("/proc"));
    }

    /**
     * State of a process, if it is the one that is meant: a number is used again once its process is gone. A process
     * has no command line for the moment in which one program takes the place of another, as the launcher's does.
     *
     * @param marker text that the command line of the process that is meant contains
     */
    public State state(long pid, String marker) {
        try {
            Path process = proc.resolve(Long.toString(pid));
            String line = commandLine(process.resolve("cmdline"));
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return line.isEmpty() || line.contains(marker) ? state(stat) : State.DEAD;
        } catch (IOException gone) {
            return State.DEAD;
        }
    }

    /**
     * What the kernel gives in one read is the command line of one program. {@link Files#readString} takes a single byte
     * first, and what follows that may be of the next program already, or nothing.
     */
    private static String commandLine(Path file) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] part = new byte[COMMAND_LINE_BYTES];
        try (InputStream in = new FileInputStream(file.toFile())) {
            int length = in.read(part);
            while (length > 0) {
                line.write(part, 0, length);
                length = length < part.length ? 0 : in.read(part);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The letter after the command's name, which is in parentheses and may contain any character itself. */
    private static State state(String stat) {
        int letter = stat.lastIndexOf(')') + 2;
        if (letter >= stat.length()) {
            return State.DEAD;
        }
        return switch (stat.charAt(letter)) {
            case 'T', 't' -> State.FROZEN;
            case 'Z', 'X', 'x' -> State.DEAD;
            default -> State.RUNNING;
        };
    }

    /** Sends a signal; that the process is gone meanwhile is not an error. */
    public void signal(long pid, Signal signal) throws CommandFailure {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal.name(), Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new CommandFailure("Cannot send " + signal + " to process " + pid + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted while sending " + signal + " to process " + pid, e);
        }
    }
}
