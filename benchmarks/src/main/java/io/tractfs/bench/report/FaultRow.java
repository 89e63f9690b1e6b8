package io.tractfs.bench.report;

import java.util.Map;

/**
 * A line of the fault table. Immutable.
 *
 * @param what what was measured, with its unit
 * @param goal what to reach, in words
 * @param values results by cluster; a cluster that was not asked has none
 */
public record FaultRow(String what, String goal, Map<String, Double> values) {}
