package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings the segments of a file to the replication that the user set (P33). A segment whose class differs begins a change,
 * and is ended, so that its tracts stay the same while the leader has the stores follow; what is being written changes at
 * close. Immutable.
 */
final class ReplicationRules {
    private ReplicationRules() {}

    /** The file with all changes begun that its replication asks for; keeps the index of such files. */
    static Inode.FileNode review(Execution execution, Inode.FileNode file) throws Refusal {
        if (isSettled(file)) {
            return file;
        }
        int columns = execution.layout().columns();
        List<Segment> segments = new ArrayList<>(file.segments().size());
        for (Segment segment : file.segments()) {
            boolean writing = file.writer().isOpen() && segment.equals(file.lastSegment());
            int floor = SegmentChange.floorOf(execution.counters(), segment);
            segments.add(writing ? segment : review(segment, file.replication(), columns, floor));
        }
        Inode.FileNode reviewed = file.withSegments(segments);
        execution.edit().noteReplicating(reviewed);
        return reviewed;
    }

    private static boolean isSettled(Inode.FileNode file) {
        for (Segment segment : file.segments()) {
            if (segment.replication() != file.replication() || segment.change().isUnderWay()) {
                return false;
            }
        }
        return true;
    }

    private static Segment review(Segment segment, int wanted, int columns, int floor) {
        SegmentChange change = segment.change();
        boolean sameClass = classOf(segment.replication(), columns) == classOf(wanted, columns);
        if (segment.length() == 0) {
            return segment.withReplication(wanted, change.end());
        }
        if (!change.isUnderWay() || change.committed()) {
            if (sameClass) {
                return segment.withReplication(wanted, change);
            }
            return Math.max(change.number(), floor) >= SegmentChange.MAX_NUMBER
                    ? segment
                    : segment.withReplication(segment.replication(), change.begin(wanted, floor));
        }
        if (classOf(change.other(), columns) == classOf(wanted, columns)) {
            SegmentChange toward = new SegmentChange(change.number(), wanted, false);
            return segment.withReplication(segment.replication(), toward);
        }
        if (change.number() >= SegmentChange.MAX_NUMBER) {
            return segment;
        }
        // Back to where it was: what the change has brought so far is surplus.
        return sameClass
                ? segment.withReplication(wanted, change.commit(change.other()))
                : segment.withReplication(segment.replication(), change.begin(wanted, floor));
    }

    private static int classOf(int replication, int columns) {
        return Math.min(replication, columns);
    }

    /** The stores have followed a step: the next one begins. */
    static Result advance(Execution execution, ClusterCommand.AdvanceReplication command) throws Refusal {
        Optional<Entry<Inode.FileNode>> entry = execution.tree().file(command.file());
        if (entry.isEmpty()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "No file " + command.file());
        }
        Inode.FileNode file = entry.get().inode();
        List<Segment> segments = new ArrayList<>(file.segments());
        boolean found = false;
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            SegmentChange change = segment.change();
            if (segment.blob().equals(command.blob()) && change.isUnderWay() && change.number() == command.number()) {
                found = true;
                segments.set(
                        i,
                        change.committed()
                                ? segment.withReplication(segment.replication(), change.end())
                                : segment.withReplication(change.other(), change.commit(segment.replication())));
            }
        }
        if (!found) {
            throw new Refusal(
                    ErrorCode.STALE_ORDER,
                    "Change " + command.number() + " of the replication of blob " + command.blob() + " is over");
        }
        Inode.FileNode advanced = file.withSegments(segments);
        execution.edit().replace(entry.get().location(), advanced);
        execution.edit().noteReplicating(advanced);
        return Result.DONE;
    }
}
