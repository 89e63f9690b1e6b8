package io.tractfs.metadata.planning;

import io.tractfs.table.StoreRef;

/**
 * A live store that may be given columns. Immutable.
 *
 * @param ref store and incarnation
 * @param server its tract server; two columns of a row do not share one if that can be avoided
 * @param domain its failure domain
 * @param freeBytes bytes that tracts may still take
 */
public record Candidate(StoreRef ref, String server, String domain, long freeBytes) {}
