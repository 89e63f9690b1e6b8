package io.tractfs.bench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How long and how much. Immutable.
 *
 * @param limitSeconds the whole run is to be over by then; rounds get shorter when the machine is slow
 * @param rounds rounds of each side
 * @param roundMillis time of one round's stage
 * @param warmMillis time of a case's warm-up on each side
 * @param fileMiB size of a large file
 * @param everything all combinations, also of replication with reads and of disk with streams
 */
public record Preset(
        long limitSeconds, int rounds, long roundMillis, long warmMillis, int fileMiB, boolean everything) {
    /** Within 10 minutes. */
    public static final Preset QUICK = new Preset(600, 3, 1_200, 700, 128, false);

    /** Within 30 minutes. */
    public static final Preset NORMAL = new Preset(1_800, 5, 2_500, 2_500, 256, false);

    /** As long as it takes, about two hours. */
    public static final Preset FULL = new Preset(4 * 3600, 7, 5_000, 5_000, 256, true);

    /** A few seconds, to see that everything runs. */
    public static final Preset SMOKE = new Preset(120, 1, 100, 50, 8, false);

    /** The cases of a run, those that need servers with sync at close last. */
    public List<Case> cases(Set<Family> families, Set<Integer> replications) {
        List<Case> cases = new ArrayList<>();
        for (Family family : Family.values()) {
            if (families.contains(family)) {
                addCases(family, replications, cases);
            }
        }
        List<Case> ordered = new ArrayList<>(
                cases.stream().filter(one -> !one.needsSyncOnClose()).toList());
        cases.stream().filter(Case::needsSyncOnClose).forEach(ordered::add);
        return ordered;
    }

    private void addCases(Family family, Set<Integer> replications, List<Case> into) {
        for (Durability durability : family.durabilities(everything)) {
            for (int replication : copies(family, replications)) {
                for (Location location : family.locations()) {
                    for (int threads : family.threads()) {
                        into.add(new Case(family, threads, replication, location, durability));
                    }
                }
            }
        }
    }

    private List<Integer> copies(Family family, Set<Integer> replications) {
        if (!family.replicated()) {
            return List.of(0);
        }
        List<Integer> sorted = replications.stream().sorted().toList();
        return family.readsData() && !everything ? sorted.subList(sorted.size() - 1, sorted.size()) : sorted;
    }
}
