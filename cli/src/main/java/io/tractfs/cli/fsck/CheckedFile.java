package io.tractfs.cli.fsck;

import io.tractfs.id.BlobId;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.WalkEntry;
import java.util.List;

/**
 * A file or directory as the walk meets it. Immutable.
 *
 * @param path where it is
 * @param length bytes; of an open file a lower bound
 * @param open whether somebody writes it
 * @param segments its bytes; none of a directory
 */
record CheckedFile(String path, boolean directory, long length, boolean open, List<Run> segments) {
    /** Copies the list. */
    CheckedFile {
        segments = List.copyOf(segments);
    }

    /**
     * A segment. Immutable.
     *
     * @param blob names its tracts
     * @param length bytes that are known to be there
     * @param tractSize bytes of a tract
     * @param replication copies wanted
     */
    record Run(BlobId blob, long length, int tractSize, int replication) {
        /** Tracts that have bytes. */
        long tractCount() {
            return (length + tractSize - 1) / tractSize;
        }
    }

    static CheckedFile of(WalkEntry entry) {
        FileStatusMessage status = entry.getStatus();
        List<Run> segments = status.getSegmentsList().stream()
                .map(segment -> new Run(
                        new BlobId(segment.getBlob()),
                        segment.getLength(),
                        segment.getTractSize(),
                        segment.getReplication()))
                .toList();
        return new CheckedFile(entry.getPath(), status.getDirectory(), status.getLength(), status.getOpen(), segments);
    }
}
