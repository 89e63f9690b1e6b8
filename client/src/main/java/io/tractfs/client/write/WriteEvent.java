package io.tractfs.client.write;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.RowVersion;
import io.tractfs.table.TableImage;

/** What happens to a segment's writer. */
public sealed interface WriteEvent {
    /**
     * The next bytes of the segment; they follow the last ones without a gap.
     *
     * @param packet where they belong
     * @param sync whether they and all before them must get to the disks
     */
    record Append(Packet packet, boolean sync) implements WriteEvent {}

    /** All that was appended so far must get to the disks. */
    record SyncAll() implements WriteEvent {}

    /**
     * A member holds a packet.
     *
     * @param token of the {@link WriteEffect.Send}
     * @param version under which it was accepted
     */
    record Written(long token, RowVersion version) implements WriteEvent {}

    /**
     * A member said how far it has a tract.
     *
     * @param token of the {@link WriteEffect.Ask}
     * @param length end of what it has without a gap from the asked offset on
     * @param version that the member holds
     */
    record Answered(long token, int length, RowVersion version) implements WriteEvent {}

    /**
     * A call failed or was refused.
     *
     * @param token of the {@link WriteEffect.Send} or {@link WriteEffect.Ask}
     * @param code why
     * @param version that the member holds, if it said so
     * @param message for the error that the stream may end with
     */
    record Refused(long token, ErrorCode code, RowVersion version, String message) implements WriteEvent {}

    /**
     * The answer to a {@link WriteEffect.Refresh}: the table as it is now, newer or not.
     *
     * @param image the table
     */
    record Table(TableImage image) implements WriteEvent {}

    /** Time has passed. */
    record Tick() implements WriteEvent {}
}
