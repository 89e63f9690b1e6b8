package io.tractfs.testkit;

/** The one cluster that test classes of a JVM share where they damage nothing. Thread-safe. */
public final class SharedCluster {
    private static final Object LOCK = new Object();

    @SuppressWarnings("NullAway.Init") // set by the first call
    private static ProcessCluster cluster;

    private SharedCluster() {}

    /** Five tract servers, three replicas; started by the first caller, killed when the JVM ends. */
    public static ProcessCluster get() {
        synchronized (LOCK) {
            if (cluster == null) {
                cluster = ProcessCluster.start(5);
                Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "shared-cluster-end"));
            }
            return cluster;
        }
    }
}
