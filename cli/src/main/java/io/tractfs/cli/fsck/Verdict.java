package io.tractfs.cli.fsck;

import java.util.List;

/**
 * What was found out about a tract. Immutable.
 *
 * @param tract which
 * @param row its row
 * @param good copies that are whole
 * @param expected copies that it should have
 * @param readable whether every byte can be had from some store
 * @param problems what is wrong; empty if nothing is
 */
record Verdict(CheckedTract tract, int row, int good, int expected, boolean readable, List<Problem> problems) {
    /** Copies the list. */
    Verdict {
        problems = List.copyOf(problems);
    }

    boolean isSound() {
        return problems.isEmpty();
    }

    boolean has(ProblemKind kind) {
        return problems.stream().anyMatch(problem -> problem.kind() == kind);
    }

    /** Whether reconcile has something to bring. */
    boolean isRepairable() {
        return problems.stream().anyMatch(Problem::repairable);
    }
}
