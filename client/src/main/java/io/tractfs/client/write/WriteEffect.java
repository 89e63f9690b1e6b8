package io.tractfs.client.write;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableSequence;

/** What a segment's writer wants done. */
public sealed interface WriteEffect {
    /** A call to a member; each is answered by exactly one event with its token. */
    sealed interface Call extends WriteEffect {
        /** Names the call. */
        long token();

        /** Where and under which version. */
        Address address();

        /** Whether the answer waits for a disk. */
        boolean sync();
    }

    /**
     * Where a call goes and under which version.
     *
     * @param member store and incarnation
     * @param tract the tract
     * @param row index of its row
     * @param version of the row
     */
    record Address(StoreRef member, TractId tract, int row, RowVersion version) {}

    /**
     * Send a packet.
     *
     * @param acknowledged length of the segment (P21)
     * @param sync whether it must be on disk before the answer
     */
    record Send(long token, Address address, Packet packet, long acknowledged, boolean sync) implements Call {}

    /**
     * Ask a member how far it has a tract (P10).
     *
     * @param from offset from which the writer cares
     * @param length end of what the writer has sent
     * @param acknowledged length of the segment (P21)
     * @param sync whether it must be on disk before the answer
     */
    record Ask(long token, Address address, int from, int length, long acknowledged, boolean sync) implements Call {}

    /**
     * Tell the leader that a member does not answer or refuses (P16). No answer is expected.
     *
     * @param code what it did
     * @param storeVersion that it holds, if it said so
     */
    record Complain(StoreRef member, int row, RowVersion version, ErrorCode code, RowVersion storeVersion)
            implements WriteEffect {}

    /**
     * Fetch a newer table; answered by exactly one {@link WriteEvent.Table}, also when none could be had.
     *
     * @param stale the image that is not good enough
     */
    record Refresh(TableSequence stale) implements WriteEffect {}

    /**
     * The bytes of a packet are not needed any more.
     *
     * @param packet the packet
     */
    record Release(Packet packet) implements WriteEffect {}

    /**
     * The segment has ended here, because a row takes no writes: go on in a new one (P3). Nothing is sent any more but
     * syncs of what is acknowledged. Packets beyond the length are the driver's now.
     *
     * @param length acknowledged bytes of the segment
     */
    record MoveOn(long length) implements WriteEffect {}

    /**
     * The writer has failed for good.
     *
     * @param error why
     */
    record Fail(TractException error) implements WriteEffect {}
}
