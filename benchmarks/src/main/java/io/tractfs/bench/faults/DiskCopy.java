package io.tractfs.bench.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Copies as many bytes as a recovery does, with cp and sync: what the disk gives. Stateless, thread-safe. */
final class DiskCopy {
    private static final int PIECE = 1 << 20;

    private DiskCopy() {}

    /** Seconds for the copy and the sync. */
    static double seconds(Path directory, long bytes) throws IOException {
        Path from = directory.resolve("copy.from");
        Path to = directory.resolve("copy.to");
        try {
            byte[] piece = new byte[PIECE];
            new Random(1).nextBytes(piece);
            try (OutputStream out = Files.newOutputStream(from)) {
                for (long written = 0; written < bytes; written += PIECE) {
                    out.write(piece);
                }
            }
            run("sync");
            long start = System.nanoTime();
            run("cp", from.toString(), to.toString());
            run("sync");
            return (System.nanoTime() - start) / 1e9;
        } finally {
            Files.deleteIfExists(from);
            Files.deleteIfExists(to);
        }
    }

    private static void run(String... command) throws IOException {
        try {
            if (new ProcessBuilder(command).start().waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
