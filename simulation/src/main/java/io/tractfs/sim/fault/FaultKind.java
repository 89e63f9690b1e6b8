package io.tractfs.sim.fault;

/** What can go wrong. Immutable. */
public enum FaultKind {
    /** A store's process dies and starts again. */
    STORE_KILL,
    /** A store's process stops for a while. */
    STORE_FREEZE,
    /** A store's machine loses power: unsynced bytes go in part. */
    POWER_LOSS,
    /** Messages from one process to another vanish for a while. */
    ONE_WAY_CUT,
    /** Two processes cannot reach each other for a while. */
    PARTITION,
    /** The connections between two processes break. */
    RESET,
    /** The leadership moves. */
    ELECTION,
    /** The leading metadata server dies and starts again. */
    LEADER_KILL,
    /** The leading metadata server stops for a while. */
    LEADER_FREEZE,
    /** A client dies and starts again. */
    CLIENT_KILL,
    /** A client stops for a while. */
    CLIENT_FREEZE
}
