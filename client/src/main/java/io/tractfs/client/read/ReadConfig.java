package io.tractfs.client.read;

/**
 * How streams read. Immutable.
 *
 * @param aheadBytes most bytes that one sequential reader has fetched or asked for ahead
 * @param pieceBytes most bytes of one request
 * @param hedgeDelayMs after which another member is asked too
 * @param totalBufferBytes read-ahead of all streams of the JVM together; past it streams read without
 * @param retryMs how long a range is tried before its error goes to the caller
 * @param tailTimeoutMs how long the members of an open file's tail are asked
 */
public record ReadConfig(
        int aheadBytes, int pieceBytes, long hedgeDelayMs, long totalBufferBytes, long retryMs, long tailTimeoutMs) {}
