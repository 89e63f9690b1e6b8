package io.tractfs.tract.server;

import io.tractfs.config.ConfigException;
import io.tractfs.config.ConfigFile;
import io.tractfs.config.Settings;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.time.Clock;
import io.tractfs.tract.store.StoreConfig;
import io.tractfs.tract.store.StoreFormatter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: {@code --conf FILE}; before its first start {@code --format --cluster-id UUID} makes stores of all of its
 * directories, and {@code --format-directory DIR --cluster-id UUID} makes one of a directory alone, that of a new disk.
 * Serves until it is told to stop by a signal. Exit status 1: it could not start; 2: the arguments are wrong. Stateless.
 */
public final class TractServerMain {
    private static final Logger LOG = LoggerFactory.getLogger(TractServerMain.class);
    private static final String USAGE =
            "usage: tract-server --conf FILE [(--format | --format-directory DIR...) --cluster-id UUID]";
    private static final int NOT_STARTED = 1;
    private static final int WRONG_ARGUMENTS = 2;

    private TractServerMain() {}

    /** Starts the server. */
    public static void main(String[] args) throws InterruptedException {
        List<String> words = Arrays.asList(args);
        String file = valueOf(words, "--conf");
        String cluster = valueOf(words, "--cluster-id");
        boolean all = words.contains("--format");
        List<Path> some = valuesOf(words, "--format-directory");
        boolean format = all || !some.isEmpty();
        if (file.isEmpty() || format == cluster.isEmpty() || (all && !some.isEmpty())) {
            System.err.println(USAGE);
            System.exit(WRONG_ARGUMENTS);
        }
        try {
            serve(Path.of(file), all, some, cluster);
        } catch (ConfigException | IOException | IllegalArgumentException e) {
            LOG.error("event=tract-server-not-started reason=\"{}\"", e.getMessage(), e);
            System.err.println("The tract server did not start: " + e.getMessage());
            System.exit(NOT_STARTED);
        }
    }

    private static void serve(Path file, boolean formatAll, List<Path> formatSome, String cluster)
            throws ConfigException, IOException, InterruptedException {
        Settings settings = ConfigFile.read(file);
        Settings.Reader reader = settings.reader();
        TractServerConfig config = TractServerConfig.read(reader);
        StoreConfig storeConfig = StoreConfig.read(reader);
        reader.finish(List.of(TractServerConfig.PREFIX));
        List<Path> fresh = formatAll ? storeConfig.directories() : ownDirectories(storeConfig, formatSome);
        if (!fresh.isEmpty()) {
            format(fresh, ClusterId.parse(cluster));
        }
        TractServer server =
                new TractServer(config, DirectoryStore.openAll(storeConfig), settings.values(), Clock.SYSTEM);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            stopped.countDown();
                        },
                        config.name() + "-shutdown-0"));
        server.start();
        stopped.await();
    }

    /** The directories as the configuration names them; refuses one that it does not name. */
    private static List<Path> ownDirectories(StoreConfig config, List<Path> named) throws ConfigException {
        List<Path> own = new ArrayList<>();
        for (Path directory : named) {
            own.add(config.directories().stream()
                    .filter(one -> one.toAbsolutePath()
                            .normalize()
                            .equals(directory.toAbsolutePath().normalize()))
                    .findFirst()
                    .orElseThrow(() -> new ConfigException(List.of("--format-directory " + directory
                            + " is none of tract.store.dirs, which are " + config.directories()))));
        }
        return own;
    }

    /** Formats directories that are absent or empty; refuses if one is neither, before it touches any. */
    private static void format(List<Path> directories, ClusterId cluster) throws IOException {
        for (Path directory : directories) {
            if (!isEmpty(directory)) {
                throw new TractException(
                        ErrorCode.ALREADY_EXISTS,
                        "directory " + directory + " is not empty, so it is not formatted anew");
            }
        }
        for (Path directory : directories) {
            LOG.info(
                    "event=store-formatted directory={} store={} cluster={}",
                    directory,
                    StoreFormatter.format(directory, cluster),
                    cluster);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return true;
        }
        // A new file system has this directory of its own.
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, entry -> !entry.endsWith("lost+found"))) {
            return !entries.iterator().hasNext();
        }
    }

    private static List<Path> valuesOf(List<String> words, String option) {
        return IntStream.range(0, words.size() - 1)
                .filter(at -> words.get(at).equals(option))
                .mapToObj(at -> Path.of(words.get(at + 1)))
                .toList();
    }

    private static String valueOf(List<String> words, String option) {
        int at = words.indexOf(option);
        return at < 0 || at + 1 >= words.size() ? "" : words.get(at + 1);
    }
}
