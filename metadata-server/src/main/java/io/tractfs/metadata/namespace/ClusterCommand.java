package io.tractfs.metadata.namespace;

import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.Epoch;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import java.util.List;

/** What the leader itself logs. Immutable. */
public sealed interface ClusterCommand extends Command {
    /**
     * Fixes the layout and makes the first directories; refused (ALREADY_EXISTS) if the cluster has a layout. Result:
     * {@link Result.Done}.
     *
     * @param layout cluster id, N, k and defaults
     * @param starter user who owns the first directories
     */
    record Format(ClusterLayout layout, String starter) implements ClusterCommand {}

    /** A leadership begins (P12); its epoch is the last one plus one. Result: {@link Result.EpochTaken}. */
    record TakeEpoch(Lineage lineage) implements ClusterCommand {}

    /**
     * A store starts (P6). Refused with STALE_INCARNATION unless the incarnation is larger than the registered one (or
     * equal and of the same server). A store that was removed counts again. Result: {@link Result.Done}.
     *
     * @param writeSequence of the store, which tells an old copy of its disk (P7)
     */
    record RegisterStore(StoreId store, Incarnation incarnation, String server, long writeSequence)
            implements ClusterCommand {}

    /** A store is gone for good: it counts in no majority any more. Result: {@link Result.Done}. */
    record RemoveStore(StoreId store) implements ClusterCommand {}

    /**
     * An operator's word on a store; UNKNOWN_STORE if it is not registered. Result: {@link Result.Done}.
     *
     * @param mark what he says
     */
    record MarkStore(StoreId store, StoreMark mark) implements ClusterCommand {}

    /** What an operator says of a store. The names are in the log and never change. */
    enum StoreMark {
        /** It is to be emptied. */
        DRAIN,
        /** It is not to be emptied any more. */
        KEEP,
        /** It will not come back (P2). */
        GIVE_UP
    }

    /**
     * Raises floors (P13); refused with STALE_EPOCH if another leadership has begun since. A floor that would not grow
     * stays. Result: {@link Result.Done}.
     */
    record CommitFloors(Epoch epoch, Lineage lineage, List<RowFloor> floors) implements ClusterCommand {
        /** Copies the list. */
        public CommitFloors {
            floors = List.copyOf(floors);
        }
    }

    /** The new floor of one row. Immutable. */
    record RowFloor(int row, RowVersion version) {}

    /**
     * Begins a leadership on tables that were restored (P30): what stores have seen becomes part of the history, the epoch is
     * 65,536 above all of it, nothing is appended to older blobs, writers and changes of replication that the copy does not
     * know of are fenced, the garbage log goes on behind every store's cursor, and nothing is deleted until {@link
     * AllowDeletes}. Once more before {@link EndRestore}, by the next leader, it takes just the next epoch, unless a store has
     * seen a higher one. Refused with INVALID_ARGUMENT if nothing was restored. Result: {@link Result.EpochTaken}.
     *
     * @param lineage of the leadership
     * @param seen epochs that stores have granted, with their lineages
     * @param index highest index of the log that any store has seen
     * @param garbage highest sequence of the garbage log that any store has followed
     * @param givenUp stores that the operator says will not come back
     */
    record Restore(Lineage lineage, List<SeenEpoch> seen, long index, long garbage, List<StoreId> givenUp)
            implements ClusterCommand {
        /** Copies the lists. */
        public Restore {
            seen = List.copyOf(seen);
            givenUp = List.copyOf(givenUp);
        }
    }

    /** An epoch that a store has granted. Immutable. */
    record SeenEpoch(Epoch epoch, Lineage lineage) {}

    /** Ends a restore: floors are raised to what stores claim. Refused as {@link CommitFloors}. Result: {@link Result.Done}. */
    record EndRestore(CommitFloors floors) implements ClusterCommand {}

    /** An operator has confirmed a restore: stores may delete again (P30). Result: {@link Result.Done}. */
    record AllowDeletes() implements ClusterCommand {}

    /** Every registered store has applied the garbage log through this sequence. Result: {@link Result.Done}. */
    record TrimGarbage(long through) implements ClusterCommand {}

    /**
     * Takes an open file from a session whose lease is over, and raises its generation (P19). Refused with
     * FILE_NOT_OPEN if it is closed, with LEASE_CONFLICT if another session holds it now. Result: {@link
     * Result.Recovering}.
     *
     * @param holder the session; {@link CallName#NO_CLIENT} to raise the generation of a recovery under way once more
     */
    record BeginRecovery(FileId file, ClientId holder) implements ClusterCommand {}

    /**
     * Ends a writer recovery: the last segment gets its length and is ended, the file is closed (P19, P20). Refused with
     * GENERATION_FENCED if the generation is not the file's. Result: {@link Result.Status}.
     */
    record CommitRecovered(FileId file, Generation generation, long lastSegmentLength) implements ClusterCommand {}

    /**
     * Files were read: their access times are set, where they are older than the precision. Files that are gone are passed
     * over. Result: {@link Result.Done}.
     */
    record TouchFiles(List<Touch> files, long precisionMs) implements ClusterCommand {
        /** Copies the list. */
        public TouchFiles {
            files = List.copyOf(files);
        }
    }

    /** One file that was read at a time. Immutable. */
    record Touch(FileId file, long timeMs) {}

    /**
     * All stores concerned have followed a step of a change of a segment's replication: it is committed, or ends (P33).
     * Refused with NOT_FOUND if the file is gone, with STALE_ORDER if the segment is at another step. Result: {@link
     * Result.Done}.
     *
     * @param number of the step
     */
    record AdvanceReplication(FileId file, BlobId blob, int number) implements ClusterCommand {}

    /** Removes a bounded part of a deleted tree. Result: {@link Result.Answer}, true if there is more to do. */
    record SweepDetached(int limit) implements ClusterCommand {}
}
