package io.tractfs.sim.fault;

/** What can go wrong. Immutable. */
public enum FaultKind {
    /** A store's process dies and starts again. */
    STORE_KILL,
    /** A store's process stops for a while. */
    STORE_FREEZE,
    /** A store's machine loses power: unsynced bytes go in part. */
    POWER_LOSS,
    /** Every store loses power at once; what was acknowledged is left on one of its holders at least. */
    POWER_LOSS_EVERYWHERE,
    /** A store is away for long, so that it is given up and misses what is deleted. */
    STORE_AWAY,
    /** A bit of a tract changes on a disk. */
    BIT_FLIP,
    /** A chunk of a tract is overwritten with what was meant for another place. */
    MISDIRECTED_WRITE,
    /** A disk fails for good; after a while the store is started with it repaired. */
    DISK_FAILURE,
    /** A disk is full for a while. */
    DISK_FULL,
    /** A store comes back with a copy of its disk that is older than its last start. */
    OLD_DISK,
    /** A store comes back with an empty disk, as another store. */
    EMPTY_DISK,
    /** Messages from one process to another vanish for a while. */
    ONE_WAY_CUT,
    /** Two processes cannot reach each other for a while. */
    PARTITION,
    /** A store and the metadata servers cannot reach each other for a while; clients and other stores reach both. */
    STORE_CUT_OFF,
    /** Some processes cannot reach the others for a while, or cannot be reached by them. */
    SPLIT,
    /** The connections between two processes break. */
    RESET,
    /** The leadership moves. */
    ELECTION,
    /** The leading metadata server dies and starts again. */
    LEADER_KILL,
    /** The leading metadata server stops for a while. */
    LEADER_FREEZE,
    /** Somebody sets the wall clock of a metadata server, up to two hours forth or back. */
    CLOCK_JUMP,
    /** A client dies and starts again. */
    CLIENT_KILL,
    /** A client stops for a while. */
    CLIENT_FREEZE,
    /** A writer stops for longer than its lease lasts, and others want its files. */
    LEASE_LOSS
}
