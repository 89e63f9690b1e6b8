package io.tractfs.bench;

import io.tractfs.bench.cluster.Memory;
import io.tractfs.bench.plan.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.util.VersionInfo;

/** What the numbers depend on. Stateless, thread-safe. */
final class Environment {
    private Environment() {}

    /** By name, in the order in which to show it. */
    static Map<String, String> describe(Preset preset, BenchRun.Layout layout) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        all.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " processors, " + memory() + ", Linux "
                        + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        all.put("load when it began", Files.readString(Path.of("/proc/loadavg")).trim());
        all.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        all.put(
                "servers",
                "one metadata server and " + layout.servers() + " tract servers"
                        + (layout.againstHdfs()
                                ? "; one NameNode and as many DataNodes of HDFS " + VersionInfo.getVersion()
                                : ""));
        all.put(
                "memory on both sides, heap + direct",
                "names " + shown(Memory.NAMES) + ", data " + shown(Memory.DATA) + ", client " + shown(Memory.CLIENT)
                        + ", " + Memory.collector());
        all.put(
                "rounds",
                preset.rounds() + " on each side in turns of " + preset.roundMillis() + " ms at most, after "
                        + preset.warmMillis() + " ms of warm-up; rates are medians of the rounds");
        all.put("CPU", "µs per call, per MiB of streams, per 1000 entries of a listing");
        return all;
    }

    private static String shown(Memory memory) {
        return memory.heap() + " + " + memory.direct();
    }

    private static String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\s+", " ");
    }
}
