package io.tractfs.differential;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.Path;

/**
 * Runs operations on both file systems, step by step, each run in a new directory; in the end every stream is closed and
 * everything is read. Thread-safe.
 */
final class Comparison {
    private final Subject tractFs;
    private final Subject hdfs;
    private final String name;
    private final AtomicLong runs = new AtomicLong();

    /** Compares two file systems below a directory of a name. */
    Comparison(Subject tractFs, Subject hdfs, String name) {
        this.tractFs = tractFs;
        this.hdfs = hdfs;
        this.name = name;
    }

    /** The first difference, if there is one. */
    Optional<Mismatch> run(List<Operation> operations) throws IOException {
        Path root = new Path("/" + name + "/" + runs.incrementAndGet());
        StepClock clock = new StepClock();
        World ours = new World(tractFs, root, clock);
        World theirs = new World(hdfs, root, clock);
        clock.begin();
        ours.begin();
        theirs.begin();
        try {
            for (int i = 0; i < operations.size(); i++) {
                Optional<Mismatch> mismatch = step(i, operations.get(i), ours, theirs);
                if (mismatch.isPresent()) {
                    return mismatch.filter(found -> !isMeant(operations.get(found.step()), found));
                }
            }
            return end(operations.size(), ours, theirs);
        } finally {
            ours.end();
            theirs.end();
        }
    }

    /** Whether the file systems part here on purpose; what comes after cannot be compared. */
    private static boolean isMeant(Operation operation, Mismatch mismatch) {
        return Deviation.of(operation, mismatch.tractFs(), mismatch.hdfs()).isPresent();
    }

    private static Optional<Mismatch> step(int number, Operation operation, World ours, World theirs)
            throws IOException {
        if (operation.observesBytes()) {
            ours.writers().settle();
            theirs.writers().settle();
        }
        boolean comparable = !(operation instanceof StreamOperation stream
                && !(operation instanceof StreamOperation.Create || operation instanceof StreamOperation.Append)
                && ours.writers().isLost(stream.slot()));
        ours.clock().begin();
        Outcome expected = theirs.apply(operation);
        if (expected.threwOne() && theirs.writers().awaitRecoveries()) {
            // HDFS wants to be asked again once it has recovered a writer; the client of TractFS waits for that.
            expected = theirs.apply(operation);
        }
        Outcome outcome = ours.apply(operation);
        if (comparable
                && !outcome.isSameAs(expected)
                && !Deviation.of(operation, outcome, expected)
                        .map(Deviation::leavesSameState)
                        .orElse(false)) {
            return Optional.of(new Mismatch(number, operation.toString(), outcome, expected));
        }
        Set<Integer> lost = theirs.writers().findLost();
        if (outcome.threwOne()) {
            // Who is refused a file may have had it taken from its writer, which goes on in the background.
            Set<Integer> kept = ours.writers().awaitTaken(lost);
            if (!kept.isEmpty()) {
                return Optional.of(new Mismatch(
                        number,
                        operation.toString(),
                        Outcome.returned("streams " + kept + " keep their files, after " + outcome),
                        Outcome.returned("they were taken from them, after " + expected)));
            }
        }
        ours.writers().markLost(lost);
        theirs.writers().markLost(lost);
        return Optional.empty();
    }

    private static Optional<Mismatch> end(int number, World ours, World theirs) throws IOException {
        ours.clock().begin();
        Outcome expected = Outcome.returned(theirs.closeStreams());
        Outcome outcome = Outcome.returned(ours.closeStreams());
        if (!outcome.isSameAs(expected)) {
            return Optional.of(new Mismatch(number, "closing every stream", outcome, expected));
        }
        ours.clock().begin();
        expected = everything(theirs);
        outcome = everything(ours);
        return outcome.isSameAs(expected)
                ? Optional.empty()
                : Optional.of(new Mismatch(number + 1, "reading everything", outcome, expected));
    }

    private static Outcome everything(World world) {
        try {
            return Outcome.returned(
                    world.rendering(Actor.SUPERUSER).tree(world.superuser().files(), world.path("")));
        } catch (IOException e) {
            return Outcome.threw(e);
        }
    }
}
