package io.tractfs.sim.client;

import io.tractfs.sim.kernel.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** A process that writes one file after the other, as long as it is let. Not thread-safe. */
public final class WriterNode {
    private static final int MOST_LENGTH = 14_000;
    /** In place of a file that is left out. */
    private static final long PAUSE_NANOS = 200_000_000;

    private final ClientParts parts;
    private final LongSupplier numbers;
    private final BooleanSupplier goesOn;
    private final List<Long> files;
    private Optional<FileWriter> present = Optional.empty();
    private boolean idle = true;
    private long closed;
    private final Omitted omitted;
    private final List<Integer> begun = new ArrayList<>();
    private int drawn;

    /**
     * What is not written, though it is drawn. Immutable.
     *
     * @param writer number of this writer
     * @param files 1,000 times a writer's number plus the number of its file, both from 1 on
     */
    public record Omitted(int writer, Set<Integer> files) {
        private static final int FILES_PER_WRITER = 1_000;

        int number(int file) {
            return writer * FILES_PER_WRITER + file;
        }
    }

    /**
     * A writer that has not started.
     *
     * @param numbers gives each file and call a number
     * @param goesOn whether another file is to be begun
     * @param files where readers look for files
     * @param omitted what is left out
     */
    public WriterNode(
            ClientParts parts, LongSupplier numbers, BooleanSupplier goesOn, List<Long> files, Omitted omitted) {
        this.omitted = omitted;
        this.parts = parts;
        this.numbers = numbers;
        this.goesOn = goesOn;
        this.files = files;
    }

    /** Its process. */
    public SimulatedProcess process() {
        return parts.process();
    }

    /** Whether it has nothing open. */
    public boolean isIdle() {
        return idle;
    }

    /** Numbers of the files that it has begun. */
    public List<Integer> begun() {
        return List.copyOf(begun);
    }

    /** Files that were closed. */
    public long closed() {
        return closed;
    }

    /** Starts a life, which knows nothing of the last one's files. */
    public void start() {
        process().start();
        next(new ClientTable(new MetadataCaller(parts)));
    }

    private void next(ClientTable table) {
        idle = !goesOn.getAsBoolean();
        if (idle) {
            return;
        }
        drawn++;
        if (omitted.files().contains(omitted.number(drawn))) {
            process().after(PAUSE_NANOS, () -> next(table));
            return;
        }
        begun.add(omitted.number(drawn));
        long file = numbers.getAsLong();
        files.add(file);
        int replication = 1 + Math.min(2, parts.random().nextInt(6));
        FileWriter.Plan plan = new FileWriter.Plan(
                file,
                1 + parts.random().nextInt(MOST_LENGTH),
                replication,
                parts.random().nextBoolean());
        FileWriter writer = new FileWriter(parts, table, numbers, plan, () -> {
            closed++;
            next(table);
        });
        present = Optional.of(writer);
        writer.begin();
    }

    @Override
    public String toString() {
        return process() + (idle ? " is idle" : " writes " + present);
    }
}
