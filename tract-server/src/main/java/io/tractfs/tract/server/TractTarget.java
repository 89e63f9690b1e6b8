package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.gate.RowAdmission;
import io.tractfs.tract.gate.Verdict;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.TractAddress;

/**
 * The tract that a request is about, its address checked. Immutable.
 *
 * @param store where it is
 * @param tract which
 * @param row its row
 * @param version row version under which the caller acts
 */
record TractTarget(ServedStore store, TractId tract, int row, RowVersion version) {
    /** Checks cluster-wide facts and the incarnation. */
    static TractTarget of(TractAddress address, Stores stores, Layout layout) throws TractException {
        return of(address, stores.of(address.getRef()), layout);
    }

    /** The same for a read of bytes that cannot change: incarnation 0 addresses any start. */
    static TractTarget ofClosed(TractAddress address, Stores stores, Layout layout) throws TractException {
        StoreRef ref = StoreCodec.decode(address.getRef());
        ServedStore store = ref.incarnation().value() == 0 ? stores.ofAnyIncarnation(ref) : stores.of(ref);
        return of(address, store, layout);
    }

    private static TractTarget of(TractAddress address, ServedStore store, Layout layout) throws TractException {
        if (address.getIndex() < 0) {
            throw new TractException(
                    ErrorCode.MALFORMED, "tract index is too large: " + Integer.toUnsignedString(address.getIndex()));
        }
        TractId tract = new TractId(new BlobId(address.getBlob()), address.getIndex());
        layout.check(tract, address.getRow());
        return new TractTarget(store, tract, address.getRow(), new RowVersion(address.getVersion()));
    }

    /** The gate of the row. */
    RowAdmission gate() {
        return store.admissions().of(row);
    }

    /**
     * Passes the version gate.
     *
     * @param replication of the tract, 0 where the request does not know it
     * @return an admission to close after the answer
     * @throws TractException the gate's refusal, with the version that the store holds
     */
    Admission admit(Need need, int replication) throws TractException {
        Admission admission = gate().admit(need, version, replication);
        if (admission.verdict() != Verdict.ADMIT) {
            throw refusal(admission);
        }
        return admission;
    }

    /** The error of a refusal. */
    TractException refusal(Admission admission) {
        return new TractException(
                admission.verdict().code(),
                "row " + row + " at store " + store.ref() + ": " + admission.verdict()
                        + ", the request is under version " + version + ", the store holds " + admission.version(),
                admission.version(),
                null);
    }
}
