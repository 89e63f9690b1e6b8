package io.tractfs.sim.recovery;

import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Trace;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs one recovery on virtual time: every replacement works its rows off by the real queue and sessions; each piece is
 * read from a disk, sent, received and written, each of which takes its turn at what carries it. Not thread-safe.
 */
public final class RecoveryModel {
    private final RecoveryScenario scenario;
    private final EventQueue time = new EventQueue(new Trace(Trace.SILENT));
    private final Pipe[] disks;
    private final Pipe[] senders;
    private final Pipe[] receivers;
    private final Map<Integer, List<TractState>> tractsByRow = new HashMap<>();
    private final Map<Integer, ReplacementDisk> replacements = new HashMap<>();
    private final Set<Integer> sources = new HashSet<>();
    private final List<long[]> written = new ArrayList<>();
    private int waitingRows;

    private RecoveryModel(RecoveryScenario scenario) {
        this.scenario = scenario;
        RecoveryScenario.Hardware hardware = scenario.hardware();
        int servers = (scenario.disks() + scenario.disksPerServer() - 1) / scenario.disksPerServer();
        this.disks = pipes(scenario.disks(), hardware.mixedBytesPerSecond());
        this.senders = pipes(servers, (double) hardware.cardBytesPerSecond());
        this.receivers = pipes(servers, (double) hardware.cardBytesPerSecond());
    }

    /** Foresees a recovery; the same scenario gives the same forecast, but for the planner's real time. */
    public static RecoveryForecast forecast(RecoveryScenario scenario) {
        FailedTable table = FailedTable.of(scenario);
        return new RecoveryModel(scenario).run(table);
    }

    private static Pipe[] pipes(int count, double bytesPerSecond) {
        Pipe[] pipes = new Pipe[count];
        Arrays.setAll(pipes, ignored -> new Pipe(bytesPerSecond));
        return pipes;
    }

    private RecoveryForecast run(FailedTable table) {
        fillRows(table.planned());
        for (Row row : table.planned()) {
            for (int column = 0; column < row.columns().count(); column++) {
                @Nullable Member member = row.columns().at(column);
                if (member != null && !member.held().contains(RecoveryScenario.REPLICATION)) {
                    waitingRows++;
                    int disk = FailedTable.disk(member.ref());
                    replacements
                            .computeIfAbsent(disk, ignored -> new ReplacementDisk(this, member.ref()))
                            .offer(new HeldRow(row, ClassSet.EMPTY, true));
                }
            }
        }
        replacements.values().forEach(ReplacementDisk::pump);
        while (waitingRows > 0 && time.runNext()) {
            // Each event brings the next ones.
        }
        if (waitingRows > 0) {
            throw new IllegalStateException(waitingRows + " rows were not recovered, and nothing happens any more");
        }
        return result(table);
    }

    /** Draws how many tracts each row has: hashing spreads them over the rows as chance has it. */
    private void fillRows(List<Row> rows) {
        SplittableRandom random = new SplittableRandom(scenario.seed());
        double tracts = (double) scenario.disks() * scenario.diskBytes() / scenario.tractBytes();
        double mean = tracts / RecoveryScenario.REPLICATION / scenario.rows();
        for (Row row : rows) {
            int count = drawPoisson(random, mean);
            List<TractState> held = new ArrayList<>(count);
            for (int index = 0; index < count; index++) {
                held.add(tract(row.index(), index));
            }
            tractsByRow.put(row.index(), held);
        }
    }

    /** Counts arrivals of a Poisson process in a time of that length. */
    private static int drawPoisson(SplittableRandom random, double mean) {
        int count = 0;
        double passed = -Math.log(1 - random.nextDouble());
        while (passed < mean) {
            count++;
            passed -= Math.log(1 - random.nextDouble());
        }
        return count;
    }

    private TractState tract(int row, int index) {
        return new TractState(
                new TractId(new BlobId(row + 1L), index),
                scenario.tractBytes(),
                List.of(),
                Generation.ZERO,
                RowVersion.NONE,
                RecoveryScenario.REPLICATION,
                scenario.tractBytes(),
                scenario.tractBytes(),
                List.of());
    }

    RecoveryScenario scenario() {
        return scenario;
    }

    EventQueue time() {
        return time;
    }

    List<TractState> tractsOf(int row) {
        return Objects.requireNonNull(tractsByRow.get(row));
    }

    /** Brings bytes from one disk into the memory of another one's server, and tells when. */
    void transfer(int from, int to, long bytes, Runnable arrived) {
        sources.add(from);
        at(disks[from].carry(time.nowNanos(), bytes), () -> {
            int sender = from / scenario.disksPerServer();
            at(senders[sender].carry(time.nowNanos(), bytes), () -> {
                int receiver = to / scenario.disksPerServer();
                at(receivers[receiver].carry(time.nowNanos(), bytes), arrived);
            });
        });
    }

    /** Writes bytes to a disk; returns when they are there. */
    long write(int disk, long bytes) {
        long end = disks[disk].carry(time.nowNanos(), bytes);
        written.add(new long[] {end, bytes});
        return end;
    }

    void at(long nanos, Runnable work) {
        time.after(nanos - time.nowNanos(), work);
    }

    void rowIsInSync() {
        waitingRows--;
    }

    private RecoveryForecast result(FailedTable table) {
        long end = Math.max(1, time.nowNanos());
        long copied = written.stream().mapToLong(piece -> piece[1]).sum();
        double[] progress = new double[RecoveryForecast.POINTS];
        for (long[] piece : written) {
            int point = (int) Math.min(RecoveryForecast.POINTS - 1L, piece[0] * RecoveryForecast.POINTS / end);
            progress[point] += (double) piece[1] / Math.max(1, copied);
        }
        Arrays.parallelPrefix(progress, Double::sum);
        double card = Math.max(busiest(senders), busiest(receivers));
        return new RecoveryForecast(
                scenario,
                end / 1e9,
                copied,
                table.planned().size(),
                table.planNanos(),
                sources.size(),
                replacements.size(),
                busiest(disks) / end,
                card / end,
                Arrays.stream(progress).boxed().toList());
    }

    private static double busiest(Pipe[] pipes) {
        return Arrays.stream(pipes).mapToDouble(Pipe::busyNanos).max().orElse(0);
    }
}
