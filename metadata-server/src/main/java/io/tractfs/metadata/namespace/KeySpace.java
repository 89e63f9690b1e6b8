package io.tractfs.metadata.namespace;

/**
 * The ordered tables of the state. The names are column families on disk and never change. Immutable.
 *
 * <pre>
 * COUNTERS     (empty)                         → counters and applied index
 * LAYOUT       (empty)                         → cluster id, N, k, defaults
 * INODES       parent:8 name                   → inode
 * DIRECTORIES  directory:8                     → parent:8 name
 * FILES        file:8                          → parent:8 name
 * OPEN_FILES   file:8                          → holder:16 parent:8 name
 * BLOBS        blob:8                          → file:8
 * DETACHED     directory:8                     → (empty), the tree below is deleted but not yet swept
 * REPLICATING  file:8                          → (empty), a segment of it changes its replication
 * GARBAGE      sequence:8                      → blob:8
 * CALLS        client:16 slot:2                → call number, time, result
 * SESSIONS     client:16                       → time of last call
 * STORES       store:16                        → incarnation, server, removed
 * EPOCHS       epoch:4                         → lineage:16 index:8
 * FLOORS       row:4                           → version:8
 * </pre>
 *
 * Numbers are big-endian, so that their order as bytes is their order as unsigned numbers.
 */
public enum KeySpace {
    /** One record: the counters of the state machine and its applied index. */
    COUNTERS("counters"),
    /** One record: what was fixed when the cluster was formatted. */
    LAYOUT("layout"),
    /** Files and directories by parent and name. */
    INODES("inodes"),
    /** Where each directory hangs. */
    DIRECTORIES("directories"),
    /** Where each file hangs. */
    FILES("files"),
    /** Where each file hangs that is open for writing. */
    OPEN_FILES("open-files"),
    /** Blobs that are alive (P31, P32). */
    BLOBS("blobs"),
    /** Roots of deleted trees whose blobs are still to be put into the garbage log. */
    DETACHED("detached"),
    /** Files with a segment that changes its replication (P33). */
    REPLICATING("replicating"),
    /** The garbage log (P32). */
    GARBAGE("garbage"),
    /** The retry cache (P34). */
    CALLS("calls"),
    /** Client sessions known to the retry cache. */
    SESSIONS("sessions"),
    /** The register of stores (P6). */
    STORES("stores"),
    /** Every leadership (P12). */
    EPOCHS("epochs"),
    /** Floors of the rows (P13). */
    FLOORS("floors");

    private final String columnFamily;

    KeySpace(String columnFamily) {
        this.columnFamily = columnFamily;
    }

    /** Name on disk. */
    public String columnFamily() {
        return columnFamily;
    }
}
