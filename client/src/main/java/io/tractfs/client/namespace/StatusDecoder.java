package io.tractfs.client.namespace;

import io.tractfs.client.FileInfo;
import io.tractfs.client.Segment;
import io.tractfs.client.write.WriteTarget;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.SegmentMessage;
import java.util.List;

/** Turns status messages into records. Pure. */
public final class StatusDecoder {
    private StatusDecoder() {}

    /** The status of a file or directory. */
    public static FileInfo info(FileStatusMessage message) {
        return new FileInfo(
                message.getFileId(),
                message.getName(),
                message.getDirectory(),
                message.getLength(),
                message.getPermission(),
                message.getOwner(),
                message.getGroup(),
                message.getModificationMs(),
                message.getAccessMs(),
                message.getReplication(),
                message.getBlockSize(),
                message.getChildCount(),
                message.getOpen(),
                segments(message),
                message.getGeneration());
    }

    private static List<Segment> segments(FileStatusMessage message) {
        // Without a stream: a listing has thousands of files, nearly all of one segment.
        return switch (message.getSegmentsCount()) {
            case 0 -> List.of();
            case 1 -> List.of(segment(message.getSegments(0)));
            default ->
                message.getSegmentsList().stream().map(StatusDecoder::segment).toList();
        };
    }

    private static Segment segment(SegmentMessage message) {
        return new Segment(
                new BlobId(message.getBlob()),
                message.getLength(),
                message.getTractSize(),
                message.getReplication(),
                message.getEnded(),
                message.getCommitted()
                        ? Math.max(message.getReplication(), message.getOtherReplication())
                        : message.getReplication());
    }

    /** The last segment of a file that was opened for writing. */
    static WriteTarget target(FileStatusMessage message) {
        SegmentMessage last = message.getSegments(message.getSegmentsCount() - 1);
        return new WriteTarget(
                new BlobId(last.getBlob()),
                last.getTractSize(),
                last.getReplication(),
                new Generation(message.getGeneration()),
                Math.max(1, message.getWindow()));
    }
}
