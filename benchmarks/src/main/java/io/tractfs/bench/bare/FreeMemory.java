package io.tractfs.bench.bare;

import io.tractfs.bench.cluster.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Touches all free memory once: a virtual machine gets its memory from its host at the first touch, which whoever is
 * measured first would pay for. Stateless, thread-safe.
 */
public final class FreeMemory {
    private static final long KEPT_KIB = 1 << 20;
    private static final long MIB = 1 << 10;

    private FreeMemory() {}

    /** Runs a JVM that touches a heap of the size of what is free but a rest; returns the MiB touched. */
    public static long touch(Path log) throws IOException {
        long free = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemFree:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
        long size = (free - KEPT_KIB) / MIB;
        if (size < MIB) {
            return 0;
        }
        List<String> options =
                List.of("-Xms" + size + "m", "-Xmx" + size + "m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");
        try {
            new JavaProcess(FreeMemory.class.getName(), options, List.of())
                    .startDaemon(log)
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while memory was touched", e);
        }
        return size;
    }

    /** The JVM's start is all of the work. */
    public static void main(String[] arguments) {
        // Nothing is left to do.
    }
}
