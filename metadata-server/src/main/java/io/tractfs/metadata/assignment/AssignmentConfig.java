package io.tractfs.metadata.assignment;

/**
 * What the assignment depends on besides events. Immutable.
 *
 * @param rows N
 * @param columns k
 * @param expectedStores stores to wait for before empty rows are placed for the first time
 * @param timing how long things may take
 */
public record AssignmentConfig(int rows, int columns, int expectedStores, Timing timing) {
    /**
     * Durations in nanoseconds. Immutable.
     *
     * @param suspectNanos silence after which a store is probed
     * @param deathNanos silence after which a store is dead (P16, P17)
     * @param proposalNanos how long a replacement may take to accept a row before the row goes on without it (A11)
     * @param settleNanos calm after the last store joined before the first placement
     * @param settleLimitNanos wait for the expected stores, at most
     * @param graceNanos how long a store that announced its restart may be away before it is replaced
     */
    public record Timing(
            long suspectNanos,
            long deathNanos,
            long proposalNanos,
            long settleNanos,
            long settleLimitNanos,
            long graceNanos) {}
}
