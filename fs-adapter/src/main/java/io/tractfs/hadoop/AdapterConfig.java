package io.tractfs.hadoop;

import io.tractfs.client.ClientConfig;
import io.tractfs.config.ConfigException;
import io.tractfs.config.Settings;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * What Hadoop's configuration says about TractFS. Layers, later ones win: {@code tractfs-default.xml} in the jar,
 * {@code tractfs-site.xml} on the class path, the configuration that Hadoop gives. The default resources of the process
 * are left alone, since adding one makes every configuration reload. Immutable.
 *
 * @param logicalNames logical cluster names in small letters, and the text of their metadata servers
 * @param client the client library's settings
 */
record AdapterConfig(Map<String, String> logicalNames, ClientConfig client) {
    /** Followed by a logical cluster name: its metadata servers. */
    static final String METADATA_PREFIX = ClientConfig.PREFIX + "metadata.";

    /** Copies the map. */
    AdapterConfig {
        logicalNames = Map.copyOf(logicalNames);
    }

    /** Reads the layers. */
    static AdapterConfig of(Configuration hadoop) throws IOException {
        Map<String, String> values = new HashMap<>();
        Configuration shipped = new Configuration(false);
        shipped.addResource("tractfs-default.xml");
        shipped.addResource("tractfs-site.xml");
        collect(shipped, values);
        collect(hadoop, values);
        try {
            return new AdapterConfig(logicalNames(values), ClientConfig.of(new Settings(values)));
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void collect(Configuration from, Map<String, String> into) {
        for (String name : from.getPropsWithPrefix(ClientConfig.PREFIX).keySet()) {
            String value = from.getTrimmed(ClientConfig.PREFIX + name);
            if (value != null) {
                into.put(ClientConfig.PREFIX + name, value);
            }
        }
    }

    private static Map<String, String> logicalNames(Map<String, String> values) {
        Map<String, String> names = new HashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(METADATA_PREFIX)) {
                names.put(name.substring(METADATA_PREFIX.length()).toLowerCase(Locale.ROOT), value);
            }
        });
        return names;
    }
}
