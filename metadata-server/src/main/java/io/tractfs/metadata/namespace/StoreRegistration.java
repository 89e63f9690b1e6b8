package io.tractfs.metadata.namespace;

import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;

/**
 * A store in the register (P6). Immutable.
 *
 * @param store its id
 * @param incarnation its last start
 * @param server name of its tract server
 * @param removed whether a plan or an operator removed it for good
 * @param draining whether an operator has it emptied
 * @param givenUp whether an operator says that it will not come back (P2); over when it does
 * @param writeSequence highest that it registered with, as an unsigned number; it is behind while it says less (P7)
 */
public record StoreRegistration(
        StoreId store,
        Incarnation incarnation,
        String server,
        boolean removed,
        boolean draining,
        boolean givenUp,
        long writeSequence) {
    /** More than a store gives out by starting again and again before it has heard that it is a copy. */
    private static final long BEYOND_LEASES = 1L << 40;

    /** A store of which no operator has said anything. */
    public StoreRegistration(StoreId store, Incarnation incarnation, String server, boolean removed) {
        this(store, incarnation, server, removed, false, false, 0);
    }

    /**
     * The highest write sequence seen, once a start registered with one. Each start begins above all that the one before
     * gave out, so a new one that does not is one of an old copy of the disk: what was seen is then raised above it, so
     * that it is behind, also if it registers once more before it has heard so (P7).
     */
    long seenWith(Incarnation start, long sequence) {
        if (Long.compareUnsigned(sequence, writeSequence) > 0) {
            return sequence;
        }
        boolean copy = writeSequence != 0 && start.compareTo(incarnation) > 0;
        return copy ? writeSequence + BEYOND_LEASES : writeSequence;
    }

    /** The same, removed for good. */
    StoreRegistration asRemoved() {
        return new StoreRegistration(store, incarnation, server, true, draining, givenUp, writeSequence);
    }

    /** The same, with an operator's word. */
    StoreRegistration marked(ClusterCommand.StoreMark mark) {
        return switch (mark) {
            case DRAIN -> new StoreRegistration(store, incarnation, server, removed, true, givenUp, writeSequence);
            case KEEP -> new StoreRegistration(store, incarnation, server, removed, false, givenUp, writeSequence);
            case GIVE_UP -> new StoreRegistration(store, incarnation, server, removed, draining, true, writeSequence);
        };
    }
}
