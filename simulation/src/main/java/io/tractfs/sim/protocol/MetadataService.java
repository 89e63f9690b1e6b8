package io.tractfs.sim.protocol;

import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.StoreSpace;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.server.LeaseClock;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.tract.server.GarbageLog;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a metadata server's process serves; one that does not lead refuses with NOT_LEADER. Not thread-safe. */
public interface MetadataService {
    /** A store has started, or looks for its leader; the answer is the history of epochs. */
    void register(Registration request, Responder<Registered> answer);

    /** A store shows that it lives. */
    void heartbeat(Sign sign, Responder<Heard> answer);

    /** A store reads the garbage log (P32). */
    void garbage(long after, int limit, Responder<GarbageLog.Page> answer);

    /** A store asks which blobs some file refers to (P32). */
    void alive(List<BlobId> blobs, Responder<Map<BlobId, Boolean>> answer);

    /** A store has brought rows up to date (P11). */
    void report(StoreRef from, List<Event.HeldState> rows, Responder<Boolean> answer);

    /** A client wants the table. */
    void table(Responder<TableImage> answer);

    /** A client complains about a member (P16). */
    void complain(Event.Complaint complaint, Responder<Boolean> answer);

    /** A client wants something of the namespace; repeated under the same name it happens once (P34). */
    void command(CallName name, FileCommand command, Responder<Result> answer);

    /** A client opens a file for reading. */
    void open(String path, Responder<FileStatus> answer);

    /** A client renews its leases; the answer is the files that it has lost (P23). */
    void renew(ClientId session, List<LeaseClock.Acknowledged> files, Responder<Set<FileId>> answer);

    /** A store that registers. Immutable. */
    record Registration(StoreInfo info, LeaderPoint lastSeen, long garbageCursor, long writeSequence) {}

    /**
     * The history of epochs, and where the garbage log begins and ends. Immutable.
     *
     * @param behind the write sequence that the store was seen with, if it registers with a lower one (P7); else 0
     */
    record Registered(List<LeaderPoint> history, long garbageStart, long garbageHead, long behind) {}

    /**
     * A sign of life. Immutable.
     *
     * @param failure why the store is fenced; empty while it works
     * @param garbageCursor how far the store has followed the garbage log (P32)
     * @param writeSequence how much it has written (P7)
     */
    record Sign(StoreRef from, StoreSpace space, String failure, long garbageCursor, long writeSequence) {}

    /** Whether the leader knows the store, and where the garbage log ends. Immutable. */
    record Heard(boolean known, long garbageHead) {}
}
