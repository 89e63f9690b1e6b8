package io.tractfs.metadata.namespace;

/**
 * What the retry cache keeps of a call. Immutable.
 *
 * @param number number of the call in its session
 * @param timeMs logged time at which it was applied
 * @param result what it gave
 */
record RememberedCall(long number, long timeMs, Result result) {}
