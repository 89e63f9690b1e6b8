package io.tractfs.hadoop;

import io.tractfs.config.ConfigException;
import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * What the adapter itself reads of Hadoop's configuration, and what it hands on to the client. Layers, later ones win:
 * {@code tractfs-default.xml} in the jar, {@code tractfs-site.xml} on the class path, the configuration that Hadoop
 * gives. The default resources of the process are left alone, since adding one makes every configuration reload.
 * Immutable.
 *
 * @param closeSync whether close waits for the disks
 * @param idleTime how long connections outlive their last user
 * @param client the client library's settings
 */
record AdapterConfig(boolean closeSync, Duration idleTime, Settings client) {
    /** Everything that belongs to TractFS begins with it. */
    static final String PREFIX = "fs.tract.";

    /** Followed by a logical cluster name: its metadata servers. */
    static final String METADATA_PREFIX = "fs.tract.metadata.";

    static final Key<Boolean> CLOSE_SYNC = Key.flag(
            "fs.tract.close.sync",
            true,
            "Whether close waits until the file is on the disks of all its members; false gives HDFS's weaker default.");

    static final Key<Duration> IDLE_TIME = Key.duration(
            "fs.tract.client.idle.time",
            "60s",
            Duration.ZERO,
            Duration.ofDays(1),
            "How long the connections to a cluster stay open after the last file system object that used them.");

    /** The adapter's own keys. */
    static final List<Key<?>> KEYS = List.of(CLOSE_SYNC, IDLE_TIME);

    /** Hadoop's own keys about the scheme; they tell the adapter nothing. */
    private static final String HADOOP_PREFIX = "fs.tract.impl";

    /** Reads the layers. */
    static AdapterConfig of(Configuration hadoop) throws IOException {
        Map<String, String> values = new HashMap<>();
        Configuration shipped = new Configuration(false);
        shipped.addResource("tractfs-default.xml");
        shipped.addResource("tractfs-site.xml");
        collect(shipped, values);
        collect(hadoop, values);
        Settings.Reader reader = new Settings(values).reader();
        AdapterConfig config =
                new AdapterConfig(reader.get(CLOSE_SYNC), reader.get(IDLE_TIME), new Settings(clientValues(values)));
        try {
            reader.finish(List.of());
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
        return config;
    }

    private static void collect(Configuration from, Map<String, String> into) {
        for (String name : from.getPropsWithPrefix(PREFIX).keySet()) {
            String value = from.getTrimmed(PREFIX + name);
            if (value != null) {
                into.put(PREFIX + name, value);
            }
        }
    }

    private static Map<String, String> clientValues(Map<String, String> values) {
        Map<String, String> client = new HashMap<>(values);
        KEYS.forEach(key -> client.remove(key.name()));
        client.keySet().removeIf(name -> name.startsWith(HADOOP_PREFIX) || name.startsWith(METADATA_PREFIX));
        return client;
    }
}
