package io.tractfs.bench.cluster;

import io.tractfs.bench.plan.Location;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the processes of HDFS and its clients are told; all else are HDFS's defaults. Immutable.
 *
 * @param directory where the servers keep their data
 * @param portBase first port
 * @param syncOnClose {@code dfs.datanode.synconclose}
 * @param sockets where DataNodes have their domain sockets, which short-circuit reads go through; empty without the
 *     native library
 * @param more settings over all others, of servers and clients
 */
record HdfsSettings(
        Path directory, int portBase, boolean syncOnClose, Optional<Path> sockets, Map<String, String> more) {
    private static final int PORTS_PER_SERVER = 10;
    private static final String LOOPBACK = "127.0.0.1:";

    HdfsSettings {
        more = Map.copyOf(more);
    }

    /** Whether clients may read files of DataNodes themselves. */
    boolean shortCircuit() {
        return sockets.isPresent();
    }

    private String uri() {
        return "hdfs://" + LOOPBACK + portBase;
    }

    /** Of the NameNode. */
    Map<String, String> nameNode() {
        Map<String, String> settings = common();
        settings.put("dfs.namenode.name.dir", directory.resolve("name").toUri().toString());
        settings.put("dfs.namenode.http-address", LOOPBACK + (portBase + 1));
        settings.putAll(more);
        return settings;
    }

    /** Of a DataNode; numbers begin with 1. */
    Map<String, String> dataNode(int number) {
        int port = portBase + PORTS_PER_SERVER * number;
        Map<String, String> settings = common();
        settings.put(
                "dfs.datanode.data.dir",
                directory.resolve("data-" + number).toUri().toString());
        settings.put("dfs.datanode.address", LOOPBACK + port);
        settings.put("dfs.datanode.http.address", LOOPBACK + (port + 1));
        settings.put("dfs.datanode.ipc.address", LOOPBACK + (port + 2));
        settings.put("dfs.datanode.synconclose", Boolean.toString(syncOnClose));
        settings.putAll(more);
        return settings;
    }

    /** Of a client. */
    Map<String, String> client(Location location) {
        Map<String, String> settings = common();
        boolean local = shortCircuit() && location == Location.LOCAL;
        settings.put("dfs.client.read.shortcircuit", Boolean.toString(local));
        settings.put("dfs.client.context", local ? "local" : "remote");
        settings.putAll(more);
        return settings;
    }

    private Map<String, String> common() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fs.defaultFS", uri());
        settings.put("hadoop.tmp.dir", directory.resolve("tmp").toString());
        settings.put("dfs.client.read.shortcircuit", Boolean.toString(shortCircuit()));
        sockets.ifPresent(path ->
                settings.put("dfs.domain.socket.path", path.resolve("dn_PORT").toString()));
        return settings;
    }
}
