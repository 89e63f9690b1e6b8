package io.tractfs.metadata.planning;

import io.tractfs.table.StoreRef;

/**
 * A live store that may be given columns. Immutable.
 *
 * @param ref store and incarnation
 * @param server its tract server; two columns of a row do not share one if that can be avoided
 * @param domain its failure domain
 * @param freeBytes bytes that tracts may still take
 * @param draining whether it keeps what it has until that has moved, and gets nothing any more
 */
public record Candidate(StoreRef ref, String server, String domain, long freeBytes, boolean draining) {
    /** A store that stays. */
    public Candidate(StoreRef ref, String server, String domain, long freeBytes) {
        this(ref, server, domain, freeBytes, false);
    }
}
