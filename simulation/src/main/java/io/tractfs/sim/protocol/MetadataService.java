package io.tractfs.sim.protocol;

import io.tractfs.id.BlobId;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.StoreSpace;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.List;

/** What a metadata server's process serves; one that does not lead refuses with NOT_LEADER. Not thread-safe. */
public interface MetadataService {
    /** A store has started, or looks for its leader; the answer is the history of epochs. */
    void register(Registration request, Responder<List<LeaderPoint>> answer);

    /** A sign of life; false if the leader does not know the store. */
    void heartbeat(StoreRef from, StoreSpace space, Responder<Boolean> answer);

    /** A store has brought rows up to date (P11). */
    void report(StoreRef from, List<Event.HeldState> rows, Responder<Boolean> answer);

    /** A client wants the table. */
    void table(Responder<TableImage> answer);

    /** A client complains about a member (P16). */
    void complain(Event.Complaint complaint, Responder<Boolean> answer);

    /** A client wants something of the namespace. */
    void command(FileCommand command, Responder<FileRecord> answer);

    /** A client wants to know a file. */
    void file(long file, Responder<FileRecord> answer);

    /** A store that registers. Immutable. */
    record Registration(StoreInfo info, LeaderPoint lastSeen) {}

    /** A change of the namespace; repeated under the same number it happens once (P34). Immutable. */
    sealed interface FileCommand {
        /** Names the call. */
        long call();

        /** Which file. */
        long file();
    }

    /** Creates a file with one empty segment. Immutable. */
    record Create(long call, long file, int replication) implements FileCommand {}

    /** Ends the last segment at a length and begins another (P3). Immutable. */
    record AddSegment(long call, long file, long endedLength) implements FileCommand {}

    /** Ends the last segment and closes the file. Immutable. */
    record Complete(long call, long file, long length) implements FileCommand {}

    /** One run of a file. Immutable. */
    record SegmentRecord(BlobId blob, long start, long length) {}

    /** A file as the namespace knows it. Immutable. */
    record FileRecord(long file, int replication, boolean closed, List<SegmentRecord> segments) {
        /** Copies the list. */
        public FileRecord {
            segments = List.copyOf(segments);
        }

        /** The segment that is being written, or was last. */
        public SegmentRecord last() {
            return segments.get(segments.size() - 1);
        }

        /** Bytes as far as the namespace knows. */
        public long length() {
            return last().start() + last().length();
        }
    }
}
