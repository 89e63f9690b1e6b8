package io.tractfs.sim.protocol;

/** Rules of the protocol that a test can switch off, to see that the simulator finds the damage. Immutable. */
public enum Rule {
    /** Who holds some classes of a row is not taken for a holder of the others (P1). */
    CLASSES_ARE_APART,
    /** What nobody holds who is there waits for those who do, instead of beginning anew (P2). */
    HOLDERS_ARE_WAITED_FOR,
    /** A new leader believes no claim below the floor (P4). */
    CLAIMS_ARE_AT_THE_FLOOR,
    /** A store's start is one that nobody has heard of before (P6). */
    STARTS_HAVE_NUMBERS_OF_THEIR_OWN,
    /** A row is on disk before its version is acknowledged (P9). */
    ROWS_ARE_PERSISTED,
    /** A row that was replaced is emptied only after the floor without it is in the log (P15). */
    ROWS_ARE_EMPTIED_AFTER_THE_FLOOR,
    /** A writer is ahead of what is acknowledged by no more tracts than the file's record says (P18). */
    WRITERS_KEEP_THE_WINDOW,
    /** Writer recovery raises the generation on the members, so that they refuse the writer (P19). */
    FENCES_RAISE_THE_GENERATION,
    /** Writer recovery waits for every member of a row (P19). */
    EVERY_MEMBER_ANSWERS_A_FENCE,
    /** A writer that another has followed changes no length in the namespace (P24). */
    LENGTHS_NEED_THE_GENERATION,
    /** Only a clean close leaves a segment that can be appended to (P20). */
    RECOVERY_ENDS_THE_SEGMENT,
    /** Writes and renewals carry what is acknowledged (P21). */
    ACKNOWLEDGED_LENGTHS_TRAVEL,
    /** A reader asks every member how long an open file is (P22). */
    READERS_ASK_EVERY_MEMBER,
    /** A store says nothing of a tail under a version older than its own (P14, P22). */
    GATE_REFUSES_OLDER_TAIL_READS,
    /** What is damaged counts in no minimum (P25). */
    DAMAGE_COUNTS_IN_NO_MINIMUM,
    /** What was synced of the last chunk can be verified after a crash, whatever was written behind it since (P26). */
    SYNCED_TAILS_KEEP_THEIR_CHECKSUM,
    /** A store that is told of damage looks itself (P28). */
    COMPLAINTS_ARE_CHECKED,
    /** The name of a new file is on disk before what was written to it is said to be. */
    DIRECTORIES_ARE_SYNCED,
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
    /** A store that comes back with an old copy of its disk is told so, and is unclean (P7). */
    OLD_COPIES_ARE_TOLD,
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
