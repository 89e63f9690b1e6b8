/**
 * One retry policy by error class, and calls to the metadata server that find the leader and repeat under one call id.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.retry;
