package io.tractfs.hadoop;

import io.tractfs.client.ClientConfig;
import java.util.List;

/**
 * Whom a client talks to, as whom and how. Immutable.
 *
 * @param metadataServers each {@code host:port}
 * @param user whom the calls are made for
 * @param realUser who makes them
 * @param config of the client library
 */
record ClientTarget(List<String> metadataServers, String user, String realUser, ClientConfig config) {
    /** Copies the list. */
    ClientTarget {
        metadataServers = List.copyOf(metadataServers);
    }
}
