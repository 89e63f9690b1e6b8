package io.tractfs.bench.cluster;

import io.tractfs.bench.plan.Durability;
import io.tractfs.bench.plan.Location;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** TractFS, started by {@code tractfs cluster start}. Confined to the conductor's thread. */
public final class TractFsSide implements Side {
    private static final String PIDS = ".pid";

    private final Path launcher;
    private final Path directory;
    private final Path logs;
    private final int servers;
    private final int portBase;

    /**
     * A cluster to be.
     *
     * @param launcher path of {@code bin/tractfs}
     * @param directory where it keeps its data; removed at the end
     * @param logs where its logs stay
     * @param servers number of tract servers
     * @param portBase first port
     */
    public TractFsSide(Path launcher, Path directory, Path logs, int servers, int portBase) {
        this.launcher = launcher;
        this.directory = directory;
        this.logs = logs;
        this.servers = servers;
        this.portBase = portBase;
    }

    @Override
    public String name() {
        return "tractfs";
    }

    @Override
    public void start() throws IOException {
        tractfs(
                "start",
                "--tract-servers",
                Integer.toString(servers),
                "--port-base",
                Integer.toString(portBase),
                // What the rounds remove would fill the disk otherwise; HDFS removes it within seconds.
                "-D",
                "tract.store.trash.keep=1s",
                "-D",
                "tract.store.garbage.delay=1s");
    }

    /** Runs {@code tractfs cluster} with a verb and arguments. */
    public void tractfs(String verb, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "cluster", verb, "--dir", directory + ""));
        command.addAll(List.of(arguments));
        Path log = logs.resolve("tractfs-cluster.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Map<String, String> environment = builder.environment();
        environment.put("TRACTFS_NO_BUILD", "true");
        environment.put("TRACTFS_METADATA_HEAP", Memory.NAMES.heap());
        environment.put("TRACTFS_METADATA_DIRECT", Memory.NAMES.direct());
        environment.put("TRACTFS_METADATA_OPTS", Memory.collector());
        environment.put("TRACTFS_TRACT_HEAP", Memory.DATA.heap());
        environment.put("TRACTFS_TRACT_DIRECT", Memory.DATA.direct());
        environment.put("TRACTFS_TRACT_OPTS", Memory.collector());
        try {
            int status = builder.start().waitFor();
            if (status != 0) {
                throw new IOException("tractfs cluster " + verb + " failed with status " + status + ", see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted in tractfs cluster " + verb, e);
        }
    }

    /** Process id of a server. */
    public long pid(String server) throws IOException {
        return Long.parseLong(Files.readString(directory.resolve("run").resolve(server + PIDS))
                .trim());
    }

    /** Its directory. */
    public Path directory() {
        return directory;
    }

    @Override
    public List<Long> servers() {
        try (Stream<Path> files = Files.list(directory.resolve("run"))) {
            List<Long> pids = new ArrayList<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(PIDS)).toList()) {
                pids.add(Long.parseLong(Files.readString(file).trim()));
            }
            return pids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> clientSettings(Location location, Durability durability) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fs.defaultFS", "tract://127.0.0.1:" + portBase);
        settings.put("fs.tract.close.sync", Boolean.toString(durability == Durability.DISK));
        if (location == Location.REMOTE) {
            settings.put("fs.tract.read.shortcircuit", "false");
        }
        return settings;
    }

    @Override
    public List<String> clientOptions() {
        return List.of();
    }

    @Override
    public void close() {
        try {
            if (Files.isDirectory(directory)) {
                tractfs("stop");
                keepLogs();
                Trees.remove(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keepLogs() throws IOException {
        Path from = directory.resolve("logs");
        Path to = Files.createDirectories(logs.resolve("tractfs-servers"));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.move(file, to.resolve(System.currentTimeMillis() + "-" + file.getFileName()));
            }
        }
    }
}
