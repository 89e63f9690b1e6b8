package io.tractfs.cli.fsck;

import io.tractfs.id.TractId;
import java.util.Optional;

/**
 * A tract that a file needs. Immutable.
 *
 * @param file whose it is
 * @param id the tract
 * @param needed bytes of it that the file has
 * @param offset of its first byte in the file
 * @param replication copies wanted
 */
record CheckedTract(CheckedFile file, TractId id, int needed, long offset, int replication) {
    /** The tract of a segment's position. */
    static CheckedTract of(CheckedFile file, CheckedFile.Run segment, long segmentOffset, int index) {
        long at = (long) index * segment.tractSize();
        return new CheckedTract(
                file,
                new TractId(segment.blob(), index),
                (int) Math.min(segment.tractSize(), segment.length() - at),
                segmentOffset + at,
                segment.replication());
    }

    /** The same tract in the file as it is now; empty if the file does not need it any more. */
    Optional<CheckedTract> in(CheckedFile now) {
        long segmentOffset = 0;
        for (CheckedFile.Run segment : now.segments()) {
            if (segment.blob().equals(id.blob()) && id.index() < segment.tractCount()) {
                return Optional.of(of(now, segment, segmentOffset, id.index()));
            }
            segmentOffset += segment.length();
        }
        return Optional.empty();
    }
}
