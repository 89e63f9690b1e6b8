package io.tractfs.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server's process holds in memory. Immutable.
 *
 * @param liveKib of its heap, once what nobody refers to is collected
 * @param residentKib all that the operating system has given it, its heap as a whole
 */
public record ServerMemory(long liveKib, long residentKib) {
    /** JVM options under which what is resident does not depend on how much of the heap was ever used. */
    public static final String OPTIONS =
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+AlwaysPreTouch -Xms384m -XX:MaxHeapFreeRatio=100";

    private static final Pattern GENERATION = Pattern.compile("generation\\s+total \\d+K, used (\\d+)K");

    /** Looks at a process. */
    public static ServerMemory of(long pid) throws IOException {
        jcmd(pid, "GC.run");
        Matcher generations = GENERATION.matcher(jcmd(pid, "GC.heap_info"));
        long live = 0;
        while (generations.find()) {
            live += Long.parseLong(generations.group(1));
        }
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return new ServerMemory(live, Long.parseLong(line.replaceAll("[^0-9]", "")));
            }
        }
        throw new AssertionError("process " + pid + " does not run");
    }

    /** How many files and connections this process may have open. */
    public static long descriptorLimit() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
    }

    private static String jcmd(long pid, String command) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return new Command(List.of(jcmd, Long.toString(pid), command), Map.of(), 60)
                .run()
                .orFail();
    }
}
