package io.tractfs.differential;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The run of one seed and, where it makes a difference, the report: the seed, the shortest list of operations that was
 * found, both outcomes and the command that runs it again. Immutable.
 */
record SeedRun(Subject tractFs, Subject hdfs, long seed) {
    private static final int STEPS = 60;
    private static final int RUNS_TO_SHRINK = Integer.getInteger("differential.shrink", 120);

    /** The report of a difference; empty if there is none. */
    Optional<String> difference() throws IOException {
        Comparison comparison = new Comparison(tractFs, hdfs, "seed-" + seed);
        List<Operation> operations = new OperationGenerator(seed).operations(STEPS);
        Optional<Mismatch> found = comparison.run(operations);
        return found.isEmpty() ? Optional.empty() : Optional.of(report(comparison, operations, found.get()));
    }

    private String report(Comparison comparison, List<Operation> operations, Mismatch found) throws IOException {
        List<Operation> shortest = new Shrinker(comparison, RUNS_TO_SHRINK).shrink(operations, found);
        StringBuilder text =
                new StringBuilder("seed ").append(seed).append(", ").append(found);
        text.append("\n  The shortest operations that differ:\n");
        shortest.forEach(operation -> text.append("    ").append(operation).append('\n'));
        comparison
                .run(shortest)
                .ifPresent(last -> text.append("  which end in ").append(last).append('\n'));
        return text.append("  Again: ").append(command()).append('\n').toString();
    }

    private String command() {
        String sleeper = System.getProperty("differential.sleeper.every");
        return "mvn verify -pl integration-tests -Dit.test=DifferentialIT -Ddifferential.seeds=1 -Ddifferential.first="
                + seed + (sleeper == null ? "" : " -Ddifferential.sleeper.every=" + sleeper) + " (see docs/testing.md)";
    }
}
