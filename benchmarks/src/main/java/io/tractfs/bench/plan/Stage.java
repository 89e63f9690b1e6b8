package io.tractfs.bench.plan;

/**
 * One row's worth of a workload's run. Immutable.
 *
 * @param name name of the row
 * @param unit what its rate counts
 * @param share part of a round that it takes
 */
public record Stage(String name, Unit unit, double share) {}
