package io.tractfs.client.retry;

/**
 * How long and how often calls are tried. Immutable.
 *
 * @param totalMs how long a call is repeated before its error goes to the caller
 * @param leastDelayMs pause after the first failure
 * @param mostDelayMs longest pause
 * @param callTimeoutMs how long one attempt at the metadata server waits
 * @param dataTimeoutMs how long one attempt at a store waits
 */
public record RetryConfig(long totalMs, long leastDelayMs, long mostDelayMs, long callTimeoutMs, long dataTimeoutMs) {}
