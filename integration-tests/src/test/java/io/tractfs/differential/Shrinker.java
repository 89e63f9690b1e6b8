package io.tractfs.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Drops operations from a list that makes a difference, as long as it makes one. Confined to its thread. */
final class Shrinker {
    private final Comparison comparison;
    private int runsLeft;

    /** With a bound on the runs. */
    Shrinker(Comparison comparison, int runs) {
        this.comparison = comparison;
        this.runsLeft = runs;
    }

    /** The shortest list that was found. */
    List<Operation> shrink(List<Operation> operations, Mismatch mismatch) throws IOException {
        List<Operation> shortest = upTo(operations, mismatch);
        for (int chunk = Math.max(1, shortest.size() / 2); chunk >= 1; chunk /= 2) {
            boolean dropped = true;
            while (dropped) {
                dropped = false;
                for (int at = shortest.size() - chunk; at >= 0 && runsLeft > 0; at -= chunk) {
                    Optional<List<Operation>> shorter = without(shortest, at, chunk);
                    if (shorter.isPresent()) {
                        shortest = shorter.get();
                        dropped = true;
                        at = Math.min(at, shortest.size());
                    }
                }
                dropped &= chunk == 1 && runsLeft > 0;
            }
        }
        return shortest;
    }

    private Optional<List<Operation>> without(List<Operation> operations, int start, int count) throws IOException {
        List<Operation> fewer = new ArrayList<>(operations.subList(0, start));
        fewer.addAll(operations.subList(Math.min(start + count, operations.size()), operations.size()));
        runsLeft--;
        return comparison.run(fewer).map(found -> upTo(fewer, found));
    }

    /** What comes after the difference does not matter. */
    private static List<Operation> upTo(List<Operation> operations, Mismatch mismatch) {
        return List.copyOf(operations.subList(0, Math.min(operations.size(), mismatch.step() + 1)));
    }
}
