package io.tractfs.table;

/**
 * What a client must know of a store to talk to it. Immutable.
 *
 * @param ref store and incarnation
 * @param server name of its tract server, for people
 * @param host advertised host of the tract server's data port
 * @param port advertised data port
 * @param domain failure domain, as a network path such as {@code /default-rack}
 */
public record StoreInfo(StoreRef ref, String server, String host, int port, String domain) {}
