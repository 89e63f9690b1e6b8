package io.tractfs.sim.protocol;

import io.tractfs.id.Epoch;
import io.tractfs.id.Generation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.gate.ClaimsPage;
import io.tractfs.tract.gate.EmptyOrder;
import io.tractfs.tract.gate.ProposalVerdict;
import io.tractfs.tract.gate.ProposedRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.tract.store.TractState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a store's process serves. Not thread-safe. */
public interface StoreService {
    /** The leader asks for the epoch and a page of claims (P12). */
    void grant(StoreRef to, LeaderPoint leader, int fromRow, Responder<ClaimsPage> answer);

    /** The leader proposes rows (P8). */
    void propose(StoreRef to, Leader leader, List<ProposedRow> rows, Responder<List<ProposalVerdict>> answer);

    /** The leader publishes rows and orders to empty others (P13, P15). */
    void publish(StoreRef to, Leader leader, List<Row> rows, List<EmptyOrder> empties, Responder<Boolean> answer);

    /** Somebody asks whether the process lives. */
    void probe(Responder<List<StoreRef>> answer);

    /** A writer sends bytes; the answer is the version under which they were taken. */
    void write(Write request, Responder<RowVersion> answer);

    /** A writer asks how far a tract is there (P10). */
    void ensure(Ensure request, Responder<Ensured> answer);

    /** The leader fences a tract of a file whose writer is gone (P19). */
    void fence(Fence request, Responder<Tail> answer);

    /** The leader cuts a tract beyond the end of a file whose writer is gone (P19). */
    void cut(Cut request, Responder<Boolean> answer);

    /** A reader asks for the state of a tract of an open file, whose class follows from the replication (P22). */
    void tail(Address address, int replication, Responder<Tail> answer);

    /** A store asks for a page of a row's list (P11). */
    void list(ListRow request, Responder<Page> answer);

    /** Somebody asks for bytes. */
    void read(Read request, Responder<Bytes> answer);

    /** Somebody got bytes of a tract that do not verify; whether it is damaged (P28). */
    void damage(Address address, Responder<Boolean> answer);

    /** Whose order it is. Immutable. */
    record Leader(Epoch epoch, Lineage lineage) {}

    /** What a request is about and under which version. Immutable. */
    record Address(StoreRef store, TractId tract, int row, RowVersion version) {}

    /** Facts of the segment that travel with each write. Immutable. */
    record Segment(Generation generation, int tractSize, int replication, long acknowledged) {}

    /** Bytes to keep. Immutable as long as nobody touches the array. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Write(Address address, Segment segment, int offset, byte[] data, boolean sync) {}

    /** A question for the length. Immutable. */
    record Ensure(Address address, Generation generation, int from, int length, long acknowledged, boolean sync) {}

    /** Its answer. Immutable. */
    record Ensured(int length, RowVersion version) {}

    /** Raises the generation of a tract. Immutable. */
    record Fence(Address address, Generation generation, int replication, int tractSize) {}

    /** Shortens a tract. Immutable. */
    record Cut(Address address, Generation generation, int length) {}

    /** State of a tract at one member. Immutable. */
    record Tail(@Nullable TractState state, int lengthAtVersion, boolean holder, RowVersion version) {}

    /** A question for a list. Immutable. */
    record ListRow(
            StoreRef store,
            int row,
            RowVersion version,
            ClassSet classes,
            @Nullable TractId after,
            int limit) {}

    /** Its answer, and whether the row is being merged there (P7). Immutable. */
    record Page(List<TractState> tracts, boolean more, boolean merging) {}

    /**
     * A question for bytes. Immutable.
     *
     * @param closed whether they cannot change any more, so that version and incarnation do not matter (P14)
     */
    record Read(Address address, int offset, int length, boolean closed) {}

    /** Its answer; begins at a chunk's edge. Immutable as long as nobody touches the arrays. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Bytes(int offset, byte[] checksums, byte[] data, int tractLength, RowVersion version) {}
}
