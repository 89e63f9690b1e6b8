package io.tractfs.client.pool;

import io.tractfs.client.retry.RetryConfig;
import io.tractfs.wire.rpc.HostPort;
import java.util.List;

/**
 * Clients with equal keys share connections and table. Immutable.
 *
 * @param metadata addresses of the cluster's metadata servers
 * @param effectiveUser user whose rights the calls use
 * @param realUser user who started the program
 * @param config of the pool
 * @param retry of the calls that fetch the table
 */
public record PoolKey(
        List<HostPort> metadata, String effectiveUser, String realUser, PoolConfig config, RetryConfig retry) {
    /** Copies the list. */
    public PoolKey {
        metadata = List.copyOf(metadata);
    }
}
