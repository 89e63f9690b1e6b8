package io.tractfs.client;

import java.util.List;

/**
 * Where one logical block is. Immutable.
 *
 * @param offset of the block in the file
 * @param length bytes of the block
 * @param hosts host names, best first
 * @param names {@code host:port} of the same
 * @param topologyPaths network paths of the same
 */
public record BlockHosts(long offset, long length, List<String> hosts, List<String> names, List<String> topologyPaths) {
    /** Copies the lists. */
    public BlockHosts {
        hosts = List.copyOf(hosts);
        names = List.copyOf(names);
        topologyPaths = List.copyOf(topologyPaths);
    }
}
