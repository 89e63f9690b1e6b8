package io.tractfs.bench.worker;

import java.util.List;

/**
 * A worker's answer, a line of JSON. Immutable.
 *
 * @param samples one for each stage of a round
 * @param error empty, or what went wrong with where
 */
public record Reply(List<Sample> samples, String error) {}
