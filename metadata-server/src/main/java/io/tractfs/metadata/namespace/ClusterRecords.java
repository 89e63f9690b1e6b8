package io.tractfs.metadata.namespace;

import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.StoreId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The durable facts that a leader's soft state is built from, as of the last applied entry. Read them after the own
 * epoch entry is applied. Thread-safe.
 */
public interface ClusterRecords {
    /** What was fixed at format; empty before. */
    Optional<ClusterLayout> layout();

    /** The floor of each row as {@code RowVersion.value()}, by index of the row; 0 where it never had one. */
    long[] floors();

    /** Every store that was ever registered. */
    Map<StoreId, StoreRegistration> stores();

    /** Every leadership, oldest first. */
    List<EpochRecord> epochs();

    /** Index of the last applied entry of the log. */
    long appliedIndex();

    /** First sequence that the garbage log still has (the next one if it is empty). */
    long garbageStart();

    /** Last sequence of the garbage log; 0 if there never was one. */
    long garbageHead();

    /** Entries of the garbage log after a sequence, in order. */
    List<Garbage> garbage(long after, int limit);

    /** Whether a blob is alive: some file, or a deleted tree that is not yet swept, refers to it. */
    boolean isAlive(BlobId blob);

    /** Files and directories. */
    long inodeCount();

    /** Whether this namespace was restored from a copy, and has yet to become the cluster's again (P30). */
    boolean isRestoring();

    /** While it is being restored: names of tract servers, or ids of stores, that the operator says will not come back. */
    List<String> restoredWithout();

    /** Epochs before this one are from before the last restore; {@link Epoch#NONE} if there was none. */
    Epoch endedBefore();

    /** Whether stores delete nothing, since a restore has yet to be confirmed (P30). */
    boolean areDeletesHeld();

    /** Whether deleted trees are waiting for {@link ClusterCommand.SweepDetached}. */
    boolean hasDetached();

    /** A removed blob in the garbage log. Immutable. */
    record Garbage(long sequence, BlobId blob) {}
}
