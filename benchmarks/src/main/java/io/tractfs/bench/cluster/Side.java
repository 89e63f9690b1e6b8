package io.tractfs.bench.cluster;

import io.tractfs.bench.plan.Durability;
import io.tractfs.bench.plan.Location;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** One of the two file systems as processes. Confined to the conductor's thread. */
public interface Side extends AutoCloseable {
    /** Name in results and logs. */
    String name();

    /** Makes a fresh cluster and returns when it serves with all its servers. */
    void start() throws IOException;

    /** Process ids of its servers. */
    List<Long> servers();

    /** Hadoop's configuration of a client, the default file system among it. */
    Map<String, String> clientSettings(Location location, Durability durability);

    /** JVM options that a client needs beside those of the other side. */
    List<String> clientOptions();

    /** Stops its servers and removes its data; its logs stay. */
    @Override
    void close();
}
