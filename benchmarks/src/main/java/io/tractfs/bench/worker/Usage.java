package io.tractfs.bench.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What processes have used since they began, from {@code /proc}. Immutable.
 *
 * @param cpuNanos time on processors, in user and system mode; counted in hundredths of a second by the kernel
 * @param wakeUps times that their threads had waited and went on
 */
public record Usage(long cpuNanos, long wakeUps) {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final String WAKE_UPS = "voluntary_ctxt_switches:";

    /** The use of processes together; those that are gone count nothing. */
    public static Usage of(List<Long> pids) {
        long cpu = 0;
        long wakeUps = 0;
        for (long pid : pids) {
            cpu += cpuNanos(pid);
            wakeUps += wakeUps(pid);
        }
        return new Usage(cpu, wakeUps);
    }

    /** What was used since an earlier moment. */
    public Usage since(Usage earlier) {
        return new Usage(Math.max(0, cpuNanos - earlier.cpuNanos), Math.max(0, wakeUps - earlier.wakeUps));
    }

    private static long cpuNanos(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * NANOS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }

    private static long wakeUps(long pid) {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                sum += ofTask(task);
            }
        } catch (IOException e) {
            return 0;
        }
        return sum;
    }

    private static long ofTask(Path task) {
        try {
            return Files.readString(task.resolve("status"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.startsWith(WAKE_UPS))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(WAKE_UPS.length()).trim()))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
