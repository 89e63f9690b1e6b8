package io.tractfs.hadoop;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;

/** The file system over clusters that are in memory, one per metadata server's address. Thread-safe. */
public final class InMemoryTractFileSystem extends TractFileSystem {
    private static final Map<List<String>, InMemoryTractFsClient> CLUSTERS = new ConcurrentHashMap<>();

    /** What Hadoop calls. */
    public InMemoryTractFileSystem() {
        super(InMemoryTractFileSystem::cluster);
    }

    /** The cluster of a target; the same as long as the process lives. */
    static InMemoryTractFsClient cluster(ClientTarget target) {
        return CLUSTERS.computeIfAbsent(target.metadataServers(), key -> new InMemoryTractFsClient(target.user()));
    }

    /** A configuration under which the scheme {@code tract} leads here. */
    static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set("fs.tract.impl", InMemoryTractFileSystem.class.getName());
        configuration.set("fs.AbstractFileSystem.tract.impl", InMemoryTractFs.class.getName());
        configuration.set("fs.tract.metadata.contract", "localhost");
        configuration.set("fs.tract.metadata.operations", "127.0.0.1");
        configuration.set("fs.tract.metadata.cache-test", "127.0.0.2");
        return configuration;
    }
}
