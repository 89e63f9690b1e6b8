package io.tractfs.sim;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is left out of the run of a seed, though the seed draws it: so a failure is brought down to the faults and files that
 * matter. Immutable.
 *
 * @param faults numbers of faults, from 1 on, that do not strike
 * @param files numbers of files, 1,000 times the writer's plus the file's own, that are not written
 * @param calmNetwork whether no message is lost, doubled, slow or reordered by chance
 */
record Omissions(Set<Integer> faults, Set<Integer> files, boolean calmNetwork) {
    /** Everything happens that the seed draws. */
    static final Omissions NONE = new Omissions(Set.of(), Set.of(), false);

    /** Sorts and copies the sets. */
    Omissions {
        faults = Collections.unmodifiableSet(new TreeSet<>(faults));
        files = Collections.unmodifiableSet(new TreeSet<>(files));
    }

    Omissions withFaults(Collection<Integer> more) {
        return new Omissions(union(faults, more), files, calmNetwork);
    }

    Omissions withFiles(Collection<Integer> more) {
        return new Omissions(faults, union(files, more), calmNetwork);
    }

    Omissions withCalmNetwork() {
        return new Omissions(faults, files, true);
    }

    private static Set<Integer> union(Set<Integer> some, Collection<Integer> more) {
        Set<Integer> all = new TreeSet<>(some);
        all.addAll(more);
        return all;
    }

    /** The options of {@code simulate} that leave the same out. */
    String options() {
        return (faults.isEmpty() ? "" : " --without-faults " + ranges(faults))
                + (files.isEmpty() ? "" : " --without-files " + ranges(files))
                + (calmNetwork ? " --calm-network" : "");
    }

    private static String ranges(Set<Integer> numbers) {
        BitSet bits = new BitSet();
        numbers.forEach(bits::set);
        StringBuilder text = new StringBuilder();
        for (int from = bits.nextSetBit(0); from >= 0; ) {
            int end = bits.nextClearBit(from);
            text.append(text.length() == 0 ? "" : ",").append(from);
            if (end - from > 1) {
                text.append('-').append(end - 1);
            }
            from = bits.nextSetBit(end);
        }
        return text.toString();
    }

    /**
     * Reads numbers and ranges of them, as {@link #options} writes them.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static Set<Integer> parse(String text) {
        Set<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            int[] ends;
            try {
                ends = Arrays.stream(part.split("-", 2))
                        .mapToInt(Integer::parseInt)
                        .toArray();
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + part + "' is no number or range such as 3-7", e);
            }
            for (int number = ends[0]; number <= ends[ends.length - 1]; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }
}
