package io.tractfs.metadata.planning;

import io.tractfs.id.StoreId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The candidates under dense numbers, in an order that alternates between failure domains, so that neighbours in it are
 * rarely of one domain. Immutable.
 */
public final class Roster {
    /** Steps of weight: free space counts relative to the emptiest store, in sixteenths, so that noise moves nothing. */
    private static final int WEIGHT_STEPS = 16;

    private final List<Candidate> candidates;
    private final Map<StoreId, Integer> numbers = new HashMap<>();
    private final int[] servers;
    private final int[] domains;
    private final double[] weights;
    private final boolean[] draining;

    /** Numbers the candidates; their order in the argument does not matter. */
    public Roster(List<Candidate> all) {
        this.candidates = alternate(all);
        int count = candidates.size();
        this.servers = new int[count];
        this.domains = new int[count];
        this.weights = new double[count];
        this.draining = new boolean[count];
        Map<String, Integer> serverNumbers = new HashMap<>();
        Map<String, Integer> domainNumbers = new HashMap<>();
        long mostFree = Math.max(
                1,
                candidates.stream()
                        .filter(candidate -> !candidate.draining())
                        .mapToLong(Candidate::freeBytes)
                        .max()
                        .orElse(1));
        for (int i = 0; i < count; i++) {
            Candidate candidate = candidates.get(i);
            numbers.put(candidate.ref().store(), i);
            servers[i] = numberOf(serverNumbers, candidate.server());
            domains[i] = numberOf(domainNumbers, candidate.domain());
            draining[i] = candidate.draining();
            weights[i] = candidate.draining()
                    ? 0
                    : Math.max(1, Math.round((double) WEIGHT_STEPS * candidate.freeBytes() / mostFree));
        }
    }

    private static int numberOf(Map<String, Integer> numbers, String name) {
        int next = numbers.size();
        @Nullable Integer number = numbers.putIfAbsent(name, next);
        return number == null ? next : number;
    }

    private static List<Candidate> alternate(List<Candidate> all) {
        List<Candidate> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(Candidate::domain)
                .thenComparing(Candidate::server)
                .thenComparing(candidate -> candidate.ref().store()));
        Map<String, Integer> seen = new HashMap<>();
        Map<StoreId, Integer> turn = new HashMap<>();
        for (Candidate candidate : sorted) {
            turn.put(candidate.ref().store(), seen.merge(candidate.domain(), 1, Integer::sum));
        }
        sorted.sort(Comparator.comparingInt(
                candidate -> turn.getOrDefault(candidate.ref().store(), 0)));
        return List.copyOf(sorted);
    }

    /** How many stores there are. */
    public int size() {
        return candidates.size();
    }

    /** The number of a store, -1 if it is no candidate. */
    public int numberOf(StoreId store) {
        return numbers.getOrDefault(store, -1);
    }

    /** The store of a number. */
    public Candidate at(int number) {
        return candidates.get(number);
    }

    double weight(int number) {
        return weights[number];
    }

    boolean isDraining(int number) {
        return draining[number];
    }

    boolean sameServer(int one, int other) {
        return servers[one] == servers[other];
    }

    boolean sameDomain(int one, int other) {
        return domains[one] == domains[other];
    }
}
