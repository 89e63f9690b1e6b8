package io.tractfs.bench.worker;

import io.tractfs.bench.plan.Case;
import java.util.List;
import java.util.Map;

/**
 * What the conductor asks of a worker, a line of JSON. Immutable.
 *
 * @param action what to do
 * @param one the case
 * @param settings Hadoop's configuration for it; the same settings share a file system object
 * @param fileBytes size of a large file
 * @param millis time of a round
 * @param servers process ids of the side's servers
 */
public record Request(
        Action action, Case one, Map<String, String> settings, long fileBytes, long millis, List<Long> servers) {
    /** What to do. */
    public enum Action {
        /** Make what the case's rounds need. */
        PREPARE,
        /** Run one round of the case that was prepared last. */
        ROUND
    }
}
