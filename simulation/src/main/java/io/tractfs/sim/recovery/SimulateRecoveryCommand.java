package io.tractfs.sim.recovery;

import io.tractfs.sim.recovery.RecoveryScenario.Hardware;
import io.tractfs.sim.recovery.RecoveryScenario.Placement;
import io.tractfs.tract.reconcile.ReconcileLimits;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code simulate recovery}: how long a cluster of some size takes to copy what was on lost disks. Not thread-safe. */
@Command(
        name = "recovery",
        description = {
            "Foresees how long it takes to copy what was on failed disks, all of it in three copies: the real planner and",
            "the real order of reconcile over a model of the bandwidths. The time is counted from the published plan;",
            "noticing the death comes before it."
        },
        mixinStandardHelpOptions = true)
public final class SimulateRecoveryCommand implements Callable<Integer> {
    private static final int MOST_DISKS = 100_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--disks", paramLabel = "N", description = "Disks of the cluster; ${DEFAULT-VALUE} by default.")
    private int disks = 1_000;

    @Option(names = "--disks-per-server", paramLabel = "N", description = "${DEFAULT-VALUE} by default.")
    private int disksPerServer = 7;

    @Option(names = "--failed-disks", paramLabel = "N", description = "Of one server, then of the next; 1 by default.")
    private int failedDisks = 1;

    @Option(
            names = "--data-per-disk",
            paramLabel = "SIZE",
            converter = DecimalSize.class,
            description = "As 92GB (10^9) or 92GiB (2^30); 92GB by default.")
    private long diskBytes = 92_000_000_000L;

    @Option(
            names = "--disk-mbps",
            paramLabel = "MB/S",
            description = "Bandwidth of a disk in sequence; ${DEFAULT-VALUE} by default.")
    private int diskMbps = 131;

    @Option(
            names = "--disk-efficiency",
            paramLabel = "PART",
            description = {
                "What is left of that when a disk reads and writes tracts in turns; ${DEFAULT-VALUE} by default, which FDS's",
                "disks had. Near 1 for flash."
            })
    private double diskEfficiency = FdsMeasurement.EFFICIENCY;

    @Option(
            names = "--nic-gbps",
            paramLabel = "GBIT/S",
            description = "Bandwidth of a server's network card, each way; ${DEFAULT-VALUE} by default.")
    private double nicGbps = 10;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows of the tract table; by default as many as pairs of disks, 65536 to 1048576.")
    private @Nullable Integer rows;

    @Option(
            names = "--tract-size",
            paramLabel = "SIZE",
            converter = DecimalSize.class,
            description = "8MiB by default.")
    private long tractBytes = 8 << 20;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            description = "tract.store.reconcile.sessions; ${DEFAULT-VALUE} by default.")
    private int sessions = 8;

    @Option(
            names = "--placement",
            paramLabel = "HOW",
            description = "${COMPLETION-CANDIDATES}: by our planner, or at random as FDS does it; PLANNED by default.")
    private Placement placement = Placement.PLANNED;

    @Option(names = "--seed", paramLabel = "S", description = "Spreads the tracts; ${DEFAULT-VALUE} by default.")
    private long seed = 1;

    @Option(
            names = "--fds",
            description = "Print what FDS measured beside what the model gives for it and for us, and nothing else.")
    private boolean fds;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (fds) {
            ForecastText.printFdsTable(out, sessions);
        } else {
            ForecastText.print(out, RecoveryModel.forecast(scenario()));
        }
        out.flush();
        return 0;
    }

    private RecoveryScenario scenario() {
        check("--disks", disks, 4, MOST_DISKS);
        check("--disks-per-server", disksPerServer, 1, disks);
        check("--failed-disks", failedDisks, 1, disks - RecoveryScenario.REPLICATION);
        check("--disk-mbps", diskMbps, 1, 1_000_000);
        check("--tract-size", tractBytes, 1 << 16, 1 << 30);
        check("--sessions", sessions, 1, 256);
        check("--data-per-disk", diskBytes, 0, 1L << 50);
        int table = rows == null ? RecoveryScenario.defaultRows(disks) : rows;
        check("--rows", table, 1, 1 << 22);
        if (!(diskEfficiency > 0 && diskEfficiency <= 1) || !(nicGbps > 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--disk-efficiency has to be above 0 and at most 1, --nic-gbps above 0");
        }
        return new RecoveryScenario(
                disks,
                disksPerServer,
                failedDisks,
                diskBytes,
                (int) tractBytes,
                table,
                new Hardware(diskMbps * 1_000_000L, diskEfficiency, (long) (nicGbps * 1e9 / 8)),
                placement,
                sessions,
                ReconcileLimits.DEFAULT,
                seed);
    }

    private void check(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + ": expected " + least + " to " + most);
        }
    }

    /** Sizes with units of a thousand and of 1,024. */
    static final class DecimalSize implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(?:([KMGT])(I?)B?|B)?");

        @Override
        public Long convert(String text) {
            Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no size: expected such as 92GB or 8MiB");
            }
            long value = Long.parseLong(matcher.group(1));
            if (matcher.group(2) == null) {
                return value;
            }
            int power = "KMGT".indexOf(matcher.group(2)) + 1;
            double unit = Math.pow("I".equals(matcher.group(3)) ? 1_024 : 1_000, power);
            return (long) (value * unit);
        }
    }
}
