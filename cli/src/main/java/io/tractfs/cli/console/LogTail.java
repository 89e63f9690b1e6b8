package io.tractfs.cli.console;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, to show with a failure. Stateless, thread-safe. */
public final class LogTail {
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_LINES = 30;

    private LogTail() {}

    /** The last lines, indented, below the file's name; empty if there is nothing. */
    public static String of(Path file) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, log.length() - MAX_BYTES);
            byte[] bytes = new byte[(int) (log.length() - start)];
            log.seek(start);
            log.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            List<String> last = lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
            return last.isEmpty() ? "" : "--- end of " + file + "\n" + String.join("\n", last) + "\n";
        } catch (IOException e) {
            return "--- " + file + " cannot be read: " + e + "\n";
        }
    }
}
