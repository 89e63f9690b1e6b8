package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.FileId;
import io.tractfs.id.Lineage;
import java.util.List;
import java.util.UUID;

/**
 * The numbers of the state machine, written with every batch. Confined to the thread that applies.
 */
final class Counters {
    /** Stands for "no leadership yet". */
    static final Lineage NO_LINEAGE = new Lineage(new UUID(0, 0));

    /** Where the log has been applied to. */
    LogPosition applied = LogPosition.START;

    /** Time of the last entry, ms since 1970; never goes back. */
    long timeMs;

    /** Next inode id. */
    long nextFile = Inode.ROOT.value() + 1;

    /** Present epoch. */
    Epoch epoch = Epoch.NONE;

    /** Its lineage. */
    Lineage lineage = NO_LINEAGE;

    /** Counter of the next blob id in this epoch. */
    long nextBlob = 1;

    /** First sequence that the garbage log has. */
    long garbageStart = 1;

    /** Last sequence of the garbage log. */
    long garbageHead;

    /** Files and directories. */
    long inodeCount;

    /** Directories in the table of detached ones. */
    long detachedCount;

    /** Sessions that the retry cache knows. */
    long sessionCount;

    /** Whether the tables were restored from a copy, and no leadership has begun on them yet (P30). */
    boolean restoring;

    /** Nothing is appended to blobs that were drawn before this epoch: a restore came in between (P20, P30). */
    Epoch endedBefore = Epoch.NONE;

    /** Whether stores delete nothing until an operator has confirmed a restore (P30). */
    boolean deletesHeld;

    /** While restoring, once it has begun: the epoch that it was lifted to. */
    Epoch lifted = Epoch.NONE;

    /** While restoring: names of tract servers, or ids of stores, that will not come back. Of this server alone. */
    List<String> without = List.of();

    /** Restores so far. */
    int restores;

    /** A copy, to be changed apart. */
    Counters copy() {
        Counters copy = new Counters();
        copy.applied = applied;
        copy.timeMs = timeMs;
        copy.nextFile = nextFile;
        copy.epoch = epoch;
        copy.lineage = lineage;
        copy.nextBlob = nextBlob;
        copy.garbageStart = garbageStart;
        copy.garbageHead = garbageHead;
        copy.inodeCount = inodeCount;
        copy.detachedCount = detachedCount;
        copy.sessionCount = sessionCount;
        copy.restoring = restoring;
        copy.endedBefore = endedBefore;
        copy.deletesHeld = deletesHeld;
        copy.lifted = lifted;
        copy.without = without;
        copy.restores = restores;
        return copy;
    }

    /** Draws an inode id. */
    FileId drawFile() {
        return new FileId(nextFile++);
    }

    /** Draws a blob id of the present epoch (P31). */
    BlobId drawBlob() throws Refusal {
        if (epoch.equals(Epoch.NONE)) {
            throw new Refusal(ErrorCode.STARTING, "No leadership has begun: no blob id can be drawn");
        }
        return BlobId.of(epoch, nextBlob++);
    }
}
