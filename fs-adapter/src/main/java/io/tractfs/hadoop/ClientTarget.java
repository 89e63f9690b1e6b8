package io.tractfs.hadoop;

import io.tractfs.config.Settings;
import java.util.List;
import java.util.Optional;

/**
 * Whom a client talks to, as whom and how. Two file system objects share a client when theirs are equal. Immutable.
 *
 * @param metadataServers each {@code host:port}
 * @param user whom the calls are made for
 * @param realUser who makes them, where that is somebody else
 * @param settings of the client library
 */
record ClientTarget(List<String> metadataServers, String user, Optional<String> realUser, Settings settings) {
    /** Copies the list. */
    ClientTarget {
        metadataServers = List.copyOf(metadataServers);
    }
}
