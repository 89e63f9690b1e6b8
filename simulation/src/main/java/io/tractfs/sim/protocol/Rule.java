package io.tractfs.sim.protocol;

/** Rules of the protocol that a test can switch off, to see that the simulator finds the damage. Immutable. */
public enum Rule {
    /** A store acknowledges no write under a version older than its own (P9, P14). */
    GATE_REFUSES_OLDER_WRITES,
    /** Accepting a version waits for the writes that were admitted under older ones (P9). */
    ADMITTED_WRITES_ARE_DRAINED,
    /** A store keeps its state over a gap in membership only if its version is at the floor (P8). */
    STATE_NEEDS_THE_FLOOR,
    /** Acknowledgements count under one version (P10). */
    ACKNOWLEDGEMENTS_UNDER_ONE_VERSION,
    /** Reconcile replaces nothing that is newer (I4). */
    RECONCILE_KEEPS_NEWER_DATA,
    /** What reconcile fetched is on disk before the state is persisted (P11). */
    SEAL_BEFORE_STATE,
    /** What was compared under an older version says nothing about the present one (P11). */
    VERSION_CHANGE_VOIDS_RECONCILE,
    /** Rows are published when their floor is in the log (P13). */
    FLOOR_BEFORE_PUBLICATION,
    /** A store that may have lost bytes says so (P7). */
    UNCLEAN_STORES_SAY_SO,
    /** Unclean copies that are used are first compared with those of the other holders (P7). */
    UNCLEAN_COPIES_ARE_MERGED,
    /** A store refuses what is meant for another start of it (P6). */
    CALLS_NAME_THE_START,
    /** An epoch is on disk before it is granted (P12). */
    GRANTS_ARE_PERSISTED,
    /** A write that is to be synced is on disk before it is acknowledged. */
    SYNC_BEFORE_ACKNOWLEDGEMENT,
    /** A call of the namespace that is repeated happens once (P34). */
    CALLS_HAPPEN_ONCE,
    /** A writer whose lease may be over asks the leader before it tells its user that bytes are safe (P23). */
    WRITERS_CHECK_THEIR_LEASE,
    /** Blobs that were deleted while a store recovers are not fetched back (I4). */
    TOMBSTONES_ARE_KEPT,
    /** A store that was away past the start of the garbage log asks which of its blobs are alive (P32). */
    RETURNED_STORES_ASK,
    /** A reader takes no bytes that do not verify (I7). */
    READERS_VERIFY
}
