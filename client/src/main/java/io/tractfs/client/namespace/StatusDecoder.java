package io.tractfs.client.namespace;

import io.tractfs.client.FileInfo;
import io.tractfs.client.Segment;
import io.tractfs.client.write.WriteTarget;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.SegmentMessage;
import java.util.ArrayList;
import java.util.List;

/** Turns status messages into records. Pure. */
public final class StatusDecoder {
    private StatusDecoder() {}

    /**
     * The status of a file or directory.
     *
     * @throws TractException MALFORMED if its segments cannot be
     */
    public static FileInfo info(FileStatusMessage message) throws TractException {
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

    private static List<Segment> segments(FileStatusMessage message) throws TractException {
        // Without a stream: a listing has thousands of files, nearly all of one segment.
        return switch (message.getSegmentsCount()) {
            case 0 -> List.of();
            case 1 -> List.of(segment(message, 0));
            default -> manySegments(message);
        };
    }

    private static List<Segment> manySegments(FileStatusMessage message) throws TractException {
        List<Segment> segments = new ArrayList<>(message.getSegmentsCount());
        long length = 0;
        for (int index = 0; index < message.getSegmentsCount(); index++) {
            Segment segment = segment(message, index);
            length += segment.length();
            require(length >= 0, message, "segments are longer than a file can be");
            segments.add(segment);
        }
        return segments;
    }

    private static Segment segment(FileStatusMessage status, int index) throws TractException {
        SegmentMessage message = status.getSegments(index);
        require(message.getLength() >= 0, status, "a segment's length is negative");
        require(Integer.bitCount(message.getTractSize()) == 1, status, "a tract's size is no power of two");
        require(message.getTractSize() > 0, status, "a tract's size is negative");
        require(message.getReplication() > 0, status, "a segment's replication is below 1");
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

    /**
     * The last segment of a file that was opened for writing.
     *
     * @throws TractException MALFORMED if no such file is described
     */
    public static WriteTarget target(FileStatusMessage message) throws TractException {
        require(message.getSegmentsCount() > 0, message, "a file that is open for writing has no segment");
        require(message.getGeneration() >= 0, message, "a generation is negative");
        require(message.getFileId() >= 0, message, "a file's id is negative");
        Segment last = segment(message, message.getSegmentsCount() - 1);
        return new WriteTarget(
                last.blob(),
                last.tractSize(),
                last.replication(),
                new Generation(message.getGeneration()),
                Math.max(1, message.getWindow()));
    }

    private static void require(boolean condition, FileStatusMessage status, String otherwise) throws TractException {
        if (!condition) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "The metadata server's status of '" + status.getName() + "', file " + status.getFileId()
                            + ", cannot be used: " + otherwise);
        }
    }
}
