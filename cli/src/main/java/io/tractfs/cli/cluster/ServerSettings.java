package io.tractfs.cli.cluster;

import io.tractfs.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Derives the settings of each server, and of Hadoop, from a cluster's plan. The user's own settings go over them: to
 * the servers by the prefix of their kind, all others to Hadoop, and Hadoop's own also to the metadata server, which looks
 * up groups and proxy users by them. Pure functions; thread-safe.
 */
public final class ServerSettings {
    private static final int ROWS = 4096;
    private static final String METADATA_PREFIX = "tract.metadata.";
    private static final String STORE_PREFIX = "tract.store.";
    private static final String HADOOP_PREFIX = "hadoop.";
    private static final String TOPOLOGY_PREFIX = "net.topology.";
    /** Between a server's name and the key of a setting that is for that server alone. */
    private static final char ONE_SERVER = ':';

    private ServerSettings() {}

    /** Settings of a server. */
    public static Settings of(ClusterPlan plan, ClusterDirectory directory, ServerName name) {
        return switch (name.kind()) {
            case METADATA ->
                metadata(plan, directory, name)
                        .with(overrides(plan, HADOOP_PREFIX))
                        .with(overrides(plan, METADATA_PREFIX))
                        .with(overrides(plan, TOPOLOGY_PREFIX))
                        .with(overridesOf(plan, name));
            case TRACT ->
                tract(plan, directory, name).with(overrides(plan, STORE_PREFIX)).with(overridesOf(plan, name));
        };
    }

    /** Hadoop's {@code core-site.xml}. */
    public static Settings coreSite(ClusterPlan plan) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("fs.defaultFS", plan.defaultUri());
        plan.logicalName().ifPresent(name -> values.put("fs.tract.metadata." + name, plan.metadataList()));
        values.put("fs.tract.impl", "io.tractfs.hadoop.TractFileSystem");
        values.put("fs.AbstractFileSystem.tract.impl", "io.tractfs.hadoop.TractFs");
        Map<String, String> own = new LinkedHashMap<>(plan.overrides());
        own.keySet()
                .removeIf(key -> key.startsWith(METADATA_PREFIX)
                        || key.startsWith(STORE_PREFIX)
                        || key.indexOf(ONE_SERVER) >= 0);
        return new Settings(values).with(own);
    }

    private static Settings metadata(ClusterPlan plan, ClusterDirectory directory, ServerName name) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("tract.metadata.name", name.toString());
        values.put("tract.metadata.dir", directory.data(name).toString());
        values.put("tract.metadata.rpc.bind", plan.address(name).toString());
        values.put("tract.metadata.rpc.advertised", plan.address(name).toString());
        values.put("tract.metadata.raft.bind", plan.raftAddress(name).toString());
        values.put("tract.metadata.web.bind", plan.webAddress(name).toString());
        if (plan.metadataServers() > 1) {
            values.put("tract.metadata.peers", peers(plan));
        }
        values.put("tract.metadata.rows", Integer.toString(ROWS));
        values.put("tract.metadata.columns", Integer.toString(plan.columns()));
        values.put("tract.metadata.replication", Integer.toString(plan.columns()));
        values.put("tract.metadata.expected.stores", Integer.toString(plan.tractServers() * plan.storesPerServer()));
        return new Settings(values);
    }

    private static String peers(ClusterPlan plan) {
        return plan.metadata().stream()
                .map(name -> name + "=" + plan.address(name) + "/" + plan.raftAddress(name))
                .collect(Collectors.joining(","));
    }

    private static Settings tract(ClusterPlan plan, ClusterDirectory directory, ServerName name) {
        String dirs = IntStream.rangeClosed(1, plan.storesPerServer())
                .mapToObj(number ->
                        directory.data(name).resolve("store-" + number).toString())
                .collect(Collectors.joining(","));
        Map<String, String> values = new LinkedHashMap<>();
        values.put("tract.store.server.name", name.toString());
        values.put("tract.store.dirs", dirs);
        values.put("tract.store.data.bind", plan.address(name).toString());
        values.put("tract.store.data.advertised", plan.address(name).toString());
        values.put("tract.store.web.bind", plan.webAddress(name).toString());
        values.put("tract.store.metadata", plan.metadataList());
        return new Settings(values);
    }

    /** Settings such as {@code tract-1:tract.store.domain}, without the name. */
    private static Map<String, String> overridesOf(ClusterPlan plan, ServerName name) {
        String prefix = name.toString() + ONE_SERVER;
        return plan.overrides().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(entry -> entry.getKey().substring(prefix.length()), Map.Entry::getValue));
    }

    private static Map<String, String> overrides(ClusterPlan plan, String prefix) {
        return plan.overrides().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
