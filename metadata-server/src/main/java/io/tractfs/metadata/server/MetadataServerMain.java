package io.tractfs.metadata.server;

import io.tractfs.config.ConfigException;
import io.tractfs.config.ConfigFile;
import io.tractfs.config.Settings;
import io.tractfs.id.ClusterId;
import io.tractfs.time.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a metadata server: {@code --conf FILE [--format|--join [--cluster-id UUID]|--restore FILE
 * [--without NAMES]]}. With {@code --format} it
 * first makes the empty or absent directory that of a new cluster, with {@code --join} it fills it with what the metadata
 * server that leads has, with {@code --restore} with what a backup has (P30); then it goes on to serve. Stops in order on SIGTERM.
 */
public final class MetadataServerMain {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataServerMain.class);
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    private MetadataServerMain() {}

    /** What the command line says. Immutable. */
    record Arguments(
            Path conf,
            boolean format,
            boolean join,
            Optional<ClusterId> cluster,
            Optional<Path> restore,
            List<String> without) {
        static Arguments parse(String[] arguments) {
            @Nullable Path conf = null;
            boolean format = false;
            boolean join = false;
            Optional<ClusterId> cluster = Optional.empty();
            Optional<Path> restore = Optional.empty();
            List<String> without = List.of();
            for (int i = 0; i < arguments.length; i++) {
                switch (arguments[i]) {
                    case "--conf" -> conf = Path.of(valueAfter(arguments, i++));
                    case "--format" -> format = true;
                    case "--join" -> join = true;
                    case "--cluster-id" -> cluster = Optional.of(ClusterId.parse(valueAfter(arguments, i++)));
                    case "--restore" -> restore = Optional.of(Path.of(valueAfter(arguments, i++)));
                    case "--without" ->
                        without = List.of(valueAfter(arguments, i++).split(","));
                    default -> throw new IllegalArgumentException("Unknown argument: " + arguments[i]);
                }
            }
            if (conf == null) {
                throw new IllegalArgumentException("--conf FILE is missing");
            }
            if (format && join) {
                throw new IllegalArgumentException("--format makes a new cluster, --join joins one: give one of them");
            }
            if (restore.isPresent() && (format || join)) {
                throw new IllegalArgumentException(
                        "--restore fills a directory by itself: leave --format and --join out");
            }
            return new Arguments(conf, format, join, cluster, restore, without);
        }

        private static String valueAfter(String[] arguments, int index) {
            if (index + 1 >= arguments.length) {
                throw new IllegalArgumentException(arguments[index] + " needs a value");
            }
            return arguments[index + 1];
        }
    }

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        int status = run(arguments, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(String[] arguments, PrintStream errors) throws InterruptedException {
        Arguments parsed;
        try {
            parsed = Arguments.parse(arguments);
        } catch (IllegalArgumentException e) {
            errors.println(e.getMessage());
            errors.println(
                    "Usage: metadata-server --conf FILE [--format|--join [--cluster-id UUID]|--restore FILE [--without NAMES]]");
            return USAGE;
        }
        try {
            Settings settings = ConfigFile.read(parsed.conf());
            MetadataConfig config = MetadataConfig.read(settings);
            if (parsed.format()) {
                ClusterId cluster = parsed.cluster().orElseGet(() -> new ClusterId(UUID.randomUUID()));
                MetadataDirectory.format(config.directory(), cluster, UUID.randomUUID());
                LOG.info("event=formatted directory={} cluster={}", config.directory(), cluster);
            }
            if (parsed.join()) {
                new Joining(config, parsed.cluster()).run();
            }
            if (parsed.restore().isPresent()) {
                RestoredDirectory.make(config.directory(), parsed.restore().get(), parsed.without());
            }
            serve(config, settings);
            return 0;
        } catch (ConfigException | IOException e) {
            LOG.error("event=start-failed", e);
            errors.println(e.getMessage());
            return FAILED;
        }
    }

    private static void serve(MetadataConfig config, Settings settings) throws IOException, InterruptedException {
        CountDownLatch stopping = new CountDownLatch(1);
        MetadataServer server = new MetadataServer(
                config,
                settings,
                Clock.SYSTEM,
                UUID::randomUUID,
                () -> Runtime.getRuntime().halt(FAILED));
        MetadataServer.Addresses addresses = server.start();
        Thread hook = new Thread(
                () -> {
                    LOG.info("event=stopping");
                    server.close();
                    LOG.info("event=stopped");
                    stopping.countDown();
                },
                "metadata-shutdown-0");
        Runtime.getRuntime().addShutdownHook(hook);
        LOG.info("event=listening rpc={} web={}", addresses.rpc(), addresses.web());
        stopping.await();
    }
}
