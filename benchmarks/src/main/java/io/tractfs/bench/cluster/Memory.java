package io.tractfs.bench.cluster;

import java.util.List;

/** Memory and collector of the processes, the same on both sides. Immutable. */
public final class Memory {
    /** Of the metadata server and the NameNode. */
    public static final Memory NAMES = new Memory("512m", "256m");

    /** Of a tract server and a DataNode. */
    public static final Memory DATA = new Memory("384m", "384m");

    /** Of a client. */
    public static final Memory CLIENT = new Memory("1g", "1g");

    private static final String COLLECTOR = "-XX:+UseSerialGC";

    private final String heap;
    private final String direct;

    private Memory(String heap, String direct) {
        this.heap = heap;
        this.direct = direct;
    }

    /** Most heap. */
    public String heap() {
        return heap;
    }

    /** Most direct memory. */
    public String direct() {
        return direct;
    }

    /** The collector. */
    public static String collector() {
        return COLLECTOR;
    }

    /** As options of the JVM. */
    public List<String> options() {
        return List.of("-Xmx" + heap, "-XX:MaxDirectMemorySize=" + direct, COLLECTOR);
    }
}
