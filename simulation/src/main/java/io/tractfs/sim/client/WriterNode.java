package io.tractfs.sim.client;

import io.tractfs.id.ClientId;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.RenameRule;
import io.tractfs.sim.kernel.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A process that creates, appends, truncates, renames and deletes files, one after the other, as long as it is let. Not
 * thread-safe.
 */
public final class WriterNode {
    private static final int MOST_LENGTH = 14_000;
    private static final int PERMISSION = 0644;
    /** How long others want a file: they are refused while its lease lasts. */
    private static final long WANTED_NANOS = 6_000_000_000L;

    /** In place of what is left out. */
    private static final long PAUSE_NANOS = 200_000_000;

    private final ClientParts parts;
    private final Paths paths;
    private final long leaseMs;
    private final BooleanSupplier goesOn;
    private final Omitted omitted;
    private final List<Integer> begun = new ArrayList<>();
    private Optional<FileWriter> present = Optional.empty();
    private boolean idle = true;
    private long closed;
    private long sessions;
    private int drawn;

    /**
     * What is not done, though it is drawn. Immutable.
     *
     * @param writer number of this writer
     * @param files 1,000 times a writer's number plus the number of what it does to a file, both from 1 on
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
     * @param leaseMs how long a lease lasts
     * @param goesOn whether another file is to be begun
     * @param omitted what is left out
     */
    public WriterNode(ClientParts parts, Paths paths, long leaseMs, BooleanSupplier goesOn, Omitted omitted) {
        this.omitted = omitted;
        this.parts = parts;
        this.paths = paths;
        this.leaseMs = leaseMs;
        this.goesOn = goesOn;
    }

    /** Its process. */
    public SimulatedProcess process() {
        return parts.process();
    }

    /** Whether it has nothing to do. */
    public boolean isIdle() {
        return idle;
    }

    /** Numbers of what it has begun. */
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
        MetadataCaller metadata = new MetadataCaller(parts);
        ClientTable table = new ClientTable(metadata);
        ClientSession session = session(metadata);
        table.await(image -> next(table, session), retry -> process().after(50_000_000, retry));
    }

    private ClientSession session(MetadataCaller metadata) {
        return new ClientSession(parts, new ClientId(new UUID(omitted.writer(), ++sessions)), metadata, leaseMs);
    }

    private void next(ClientTable table, ClientSession session) {
        idle = !goesOn.getAsBoolean();
        if (idle) {
            return;
        }
        drawn++;
        if (omitted.files().contains(omitted.number(drawn))) {
            process().after(PAUSE_NANOS, () -> next(table, session));
            return;
        }
        begun.add(omitted.number(drawn));
        FileCommand command = draw();
        if (command instanceof FileCommand.Create || command instanceof FileCommand.Append) {
            FileWriter.Plan plan = new FileWriter.Plan(
                    command,
                    1 + parts.random().nextInt(MOST_LENGTH),
                    parts.random().nextBoolean());
            FileWriter writer = new FileWriter(parts, table, session, plan, end -> {
                closed += end == FileWriter.End.CLOSED ? 1 : 0;
                // What is left open belongs to nobody any more: its session ends, and its lease with it.
                ClientSession following = end == FileWriter.End.FAILED ? session(new MetadataCaller(parts)) : session;
                process().after(pauseNanos(), () -> next(table, following));
            });
            present = Optional.of(writer);
            writer.begin();
        } else {
            Runnable then = () -> process().after(pauseNanos(), () -> next(table, session));
            session.command(command, result -> then.run(), code -> then.run());
        }
    }

    /** A short one: whoever is refused does not ask again at once. */
    private long pauseNanos() {
        return 1_000_000L + parts.random().nextInt(20_000_000);
    }

    /** Lets others want the file whose bytes its user is about to be told safe; false if there is none. */
    public boolean want() {
        Optional<String> path = present.flatMap(FileWriter::waitsWith);
        path.ifPresent(wanted -> paths.want(wanted, parts.time().nowNanos() + WANTED_NANOS));
        return path.isPresent();
    }

    private FileCommand draw() {
        Optional<String> wanted = paths.wanted(parts.time().nowNanos());
        if (wanted.isPresent() && parts.random().nextBoolean()) {
            return new FileCommand.Append(wanted.get(), true);
        }
        String path = paths.draw(parts.random());
        int what = parts.random().nextInt(100);
        if (what < 55) {
            boolean overwrite = parts.random().nextInt(4) == 0;
            int replication = 1 + Math.min(2, parts.random().nextInt(6));
            return new FileCommand.Create(path, PERMISSION, overwrite, true, false, replication, 0, 0, 0);
        } else if (what < 72) {
            return new FileCommand.Append(path, parts.random().nextInt(4) == 0);
        } else if (what < 79) {
            return new FileCommand.Truncate(path, parts.random().nextInt(MOST_LENGTH / 2));
        } else if (what < 86) {
            return new FileCommand.Rename(path, paths.draw(parts.random()), RenameRule.LEGACY);
        } else if (what < 88) {
            return new FileCommand.Rename(paths.directory(path), paths.fresh(), RenameRule.LEGACY);
        } else if (what < 90) {
            return new FileCommand.Delete(paths.directory(path), true);
        } else if (what < 95) {
            return new FileCommand.Delete(path, false);
        }
        return new FileCommand.RecoverLease(path);
    }

    @Override
    public String toString() {
        return process() + (idle ? " is idle" : " writes " + present);
    }
}
