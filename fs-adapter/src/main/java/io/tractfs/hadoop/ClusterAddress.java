package io.tractfs.hadoop;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The authority of a URI, resolved: a logical name has its metadata servers in {@code fs.tract.metadata.<name>},
 * anything else is the host of a metadata server, or those of several, separated by commas. Nothing is looked up in the network. Immutable.
 *
 * @param authority of the URI
 * @param logical whether it is a logical name or a list, to which no port is added
 * @param metadataServers each {@code host:port}
 */
record ClusterAddress(String authority, boolean logical, List<String> metadataServers) {
    /** Port of a metadata server where none is named. */
    static final int DEFAULT_PORT = 7610;

    /** Copies the list. */
    ClusterAddress {
        metadataServers = List.copyOf(metadataServers);
    }

    /**
     * Resolves the authority of a URI.
     *
     * @param logicalNames names in small letters and their metadata servers
     */
    static ClusterAddress of(URI uri, Map<String, String> logicalNames) throws IOException {
        String authority = uri.getAuthority();
        if (authority == null || authority.isEmpty()) {
            throw new IOException("Incomplete URI, no cluster named: " + uri + "; expected " + uri.getScheme()
                    + "://name or " + uri.getScheme() + "://host:" + DEFAULT_PORT);
        }
        String configured = logicalNames.get(authority.toLowerCase(Locale.ROOT));
        if (configured != null) {
            return new ClusterAddress(authority, true, servers(configured));
        }
        if (authority.indexOf(',') >= 0) {
            return new ClusterAddress(authority, true, servers(authority));
        }
        if (uri.getHost() == null) {
            throw new IOException("'" + authority + "' is no host name, and " + AdapterConfig.METADATA_PREFIX
                    + authority + " is not set");
        }
        return new ClusterAddress(authority, false, List.of(withPort(authority)));
    }

    private static List<String> servers(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::trim)
                .filter(server -> !server.isEmpty())
                .map(ClusterAddress::withPort)
                .toList();
    }

    private static String withPort(String server) {
        int afterAddress = server.lastIndexOf(']') + 1;
        return server.indexOf(':', afterAddress) >= 0 ? server : server + ":" + DEFAULT_PORT;
    }
}
