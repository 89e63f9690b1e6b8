package io.tractfs.metadata.server.hadoop;

import io.tractfs.metadata.server.Topology;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.net.CachedDNSToSwitchMapping;
import org.apache.hadoop.net.DNSToSwitchMapping;
import org.apache.hadoop.net.NetworkTopology;
import org.apache.hadoop.net.ScriptBasedMapping;
import org.apache.hadoop.util.ReflectionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Failure domains as Hadoop's servers find them: by the script of {@code net.topology.script.file.name}, or another mapping
 * that {@code net.topology.node.switch.mapping.impl} names, such as a table. A domain that a server's own configuration
 * names goes before it. Hadoop caches the answers. Thread-safe.
 */
public final class HadoopTopology implements Topology {
    private final DNSToSwitchMapping mapping;

    /** Reads the configuration from {@code core-site.xml} on the class path and the server's own {@code net.topology.*}. */
    public HadoopTopology(Map<String, String> settings) {
        Configuration configuration = new Configuration();
        settings.forEach((name, value) -> {
            if (name.startsWith("net.topology.")) {
                configuration.set(name, value);
            }
        });
        DNSToSwitchMapping named = ReflectionUtils.newInstance(
                configuration.getClass(
                        CommonConfigurationKeysPublic.NET_TOPOLOGY_NODE_SWITCH_MAPPING_IMPL_KEY,
                        ScriptBasedMapping.class,
                        DNSToSwitchMapping.class),
                configuration);
        this.mapping = named instanceof CachedDNSToSwitchMapping ? named : new CachedDNSToSwitchMapping(named);
    }

    @Override
    public String domainOf(String host, String stated) {
        if (!stated.isEmpty() && !stated.equals(NetworkTopology.DEFAULT_RACK)) {
            return stated;
        }
        @Nullable List<String> found = mapping.resolve(List.of(host));
        // A script that fails, or does not know the host, says nothing: Hadoop then means one domain for all.
        return found == null || found.isEmpty() ? NetworkTopology.DEFAULT_RACK : found.get(0);
    }
}
