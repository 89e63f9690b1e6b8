package io.tractfs.metadata.server;

/** Says which failure domain a host is in; may start a process, so it may block. Thread-safe. */
@FunctionalInterface
public interface Topology {
    /** Everything is where it says that it is. */
    Topology AS_STATED = (host, stated) -> stated;

    /**
     * The failure domain of a tract server, as a network path.
     *
     * @param host that it advertises
     * @param stated domain that it names itself; {@code /default-rack} if its configuration says nothing
     */
    String domainOf(String host, String stated);
}
