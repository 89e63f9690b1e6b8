package io.tractfs.client;

/**
 * What a reader has fetched so far. Immutable.
 *
 * @param bytesRead bytes given to the caller
 * @param bytesFetched bytes that came from stores
 * @param requests requests sent to stores
 * @param retries requests sent again to another member
 * @param localBytes bytes that came from a store on this host
 */
public record ReadCounters(long bytesRead, long bytesFetched, long requests, long retries, long localBytes) {}
