package io.tractfs.client.pool;

import io.tractfs.wire.rpc.RpcClientConfig;

/**
 * What the shared parts are made with. Immutable.
 *
 * @param ioThreads event loops of the JVM; the first client decides
 * @param spinMicros how long an event loop looks for more before it sleeps; the first client decides
 * @param idleMs how long connections outlive the last client that used them
 * @param connections limits of connections
 */
public record PoolConfig(int ioThreads, int spinMicros, long idleMs, RpcClientConfig connections) {}
