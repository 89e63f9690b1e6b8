package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.id.StoreId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Tables that were restored from a copy, until they are the cluster's again (P30). Immutable. */
final class RestoreRules {
    /** The epoch is lifted by so much: what a copy's successors did, whom no store remembers, stays below it. */
    static final int EPOCH_LIFT = 65_536;

    /** So many inode ids are left out, which may have been given out after the copy was made. */
    private static final long FILE_LIFT = 1L << 32;

    /** So many numbers of the garbage log are left out: a store that recovers does not say how far it has followed it. */
    private static final long GARBAGE_LIFT = 1L << 32;

    /** So many writers may have followed the one that a file had when the copy was made. */
    static final int GENERATION_LIFT = 65_536;

    private RestoreRules() {}

    static Result begin(Execution execution, ClusterCommand.Restore command) throws Refusal {
        Counters counters = execution.counters();
        if (!counters.restoring) {
            throw new Refusal(ErrorCode.INVALID_ARGUMENT, "This namespace was not restored from a copy");
        }
        int highest = counters.epoch.value();
        for (ClusterCommand.SeenEpoch seen : command.seen()) {
            highest = Math.max(highest, seen.epoch().value());
            put(execution, new EpochRecord(seen.epoch(), seen.lineage(), indexOf(execution, command)));
        }
        boolean goesOn = !counters.lifted.equals(Epoch.NONE) && highest == counters.epoch.value();
        int lift = goesOn ? 1 : EPOCH_LIFT;
        if (highest > BlobId.MAX_EPOCH - lift) {
            throw new Refusal(ErrorCode.INTERNAL, "No epoch is left after " + highest);
        }
        Epoch epoch = new Epoch(highest + lift);
        boolean first = counters.lifted.equals(Epoch.NONE);
        counters.epoch = epoch;
        counters.lifted = epoch;
        counters.lineage = command.lineage();
        counters.nextBlob = 1;
        counters.endedBefore = epoch;
        counters.deletesHeld = true;
        if (first) {
            counters.nextFile += FILE_LIFT;
            counters.restores++;
            fence(execution);
        }
        for (StoreId store : command.givenUp()) {
            giveUp(execution, store);
        }
        skipGarbage(execution, command.garbage() + (goesOn ? 0 : GARBAGE_LIFT));
        put(execution, new EpochRecord(epoch, command.lineage(), indexOf(execution, command)));
        return new Result.EpochTaken(epoch, execution.position().index());
    }

    /** What stores may have been told since the copy was made, of files that were open then, stays below what they are told now. */
    private static void fence(Execution execution) {
        List<FileId> files = new ArrayList<>();
        for (KeySpace index : List.of(KeySpace.OPEN_FILES, KeySpace.REPLICATING)) {
            execution.transaction().scan(index, Keys.EMPTY, (key, value) -> files.add(new FileId(Keys.toLong(key))));
        }
        for (FileId id : new TreeSet<>(files)) {
            Optional<Entry<Inode.FileNode>> file = execution.tree().file(id);
            if (file.isPresent()) {
                execution
                        .edit()
                        .replace(
                                file.get().location(),
                                fenced(execution, file.get().inode()));
            }
        }
    }

    private static Inode.FileNode fenced(Execution execution, Inode.FileNode file) {
        List<Segment> segments = file.segments().stream()
                .map(segment -> segment.withReplication(
                        segment.replication(),
                        segment.change().above(SegmentChange.floorOf(execution.counters(), segment))))
                .toList();
        Generation generation = file.writer().isOpen()
                ? new Generation(file.generation().value() + GENERATION_LIFT)
                : file.generation();
        return file.withSegments(segments).withWriter(file.writer(), generation);
    }

    private static void giveUp(Execution execution, StoreId store) {
        byte[] key = Keys.ofUuid(store.value());
        byte[] value = execution.transaction().get(KeySpace.STORES, key);
        if (value != null) {
            StoreRegistration given = ClusterCodec.decodeStore(value).marked(ClusterCommand.StoreMark.GIVE_UP);
            execution.transaction().put(KeySpace.STORES, key, ClusterCodec.encode(given));
        }
    }

    /** The end of all earlier epochs, so that what any store has seen of them is part of the history (P29). */
    private static long indexOf(Execution execution, ClusterCommand.Restore command) {
        return Math.max(execution.position().index(), command.index());
    }

    private static void put(Execution execution, EpochRecord record) {
        execution.transaction().put(KeySpace.EPOCHS, Keys.ofInt(record.epoch().value()), ClusterCodec.encode(record));
    }

    /** The log begins behind every cursor, so that each store will ask about every blob (P32). */
    private static void skipGarbage(Execution execution, long seen) {
        Counters counters = execution.counters();
        for (long sequence = counters.garbageStart; sequence <= counters.garbageHead; sequence++) {
            execution.transaction().delete(KeySpace.GARBAGE, Keys.ofLong(sequence));
        }
        counters.garbageHead = Math.max(counters.garbageHead, seen) + 1;
        counters.garbageStart = counters.garbageHead + 1;
    }

    static Result end(Execution execution, ClusterCommand.EndRestore command) throws Refusal {
        Result done = ClusterRules.commitFloors(execution, command.floors());
        execution.counters().restoring = false;
        execution.counters().lifted = Epoch.NONE;
        execution.counters().without = List.of();
        return done;
    }

    static Result allowDeletes(Execution execution) {
        if (execution.counters().deletesHeld) {
            execution.counters().deletesHeld = false;
            skipGarbage(execution, 0); // Whoever asked meanwhile was told to keep everything.
        }
        return Result.DONE;
    }
}
