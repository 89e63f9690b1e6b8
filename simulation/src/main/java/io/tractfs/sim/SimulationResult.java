package io.tractfs.sim;

import io.tractfs.sim.fault.FaultKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a run saw. Immutable.
 *
 * @param seed its seed
 * @param traceHash the same for every run of the seed
 * @param events that happened
 * @param calls on the network
 * @param virtualMs virtual time that passed
 * @param filesClosed by writers
 * @param reads ranges that readers checked
 * @param tails of open files whose length readers found
 * @param commands of the namespace that took effect
 * @param faults that struck
 */
public record SimulationResult(
        long seed,
        long traceHash,
        long events,
        long calls,
        long virtualMs,
        long filesClosed,
        long reads,
        long tails,
        long commands,
        Map<FaultKind, Integer> faults) {
    /** Copies the map, in the order of kinds: that of Map.copyOf differs from process to process. */
    public SimulationResult {
        EnumMap<FaultKind, Integer> ordered = new EnumMap<>(FaultKind.class);
        ordered.putAll(faults);
        faults = Collections.unmodifiableMap(ordered);
    }
}
