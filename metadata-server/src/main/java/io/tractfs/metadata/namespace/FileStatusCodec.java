package io.tractfs.metadata.namespace;

import io.tractfs.id.BlobId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.permission.Attributes;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.SegmentMessage;

/** {@link FileStatus} and {@link Segment} as messages, on the wire and in the retry cache. Immutable. */
public final class FileStatusCodec {
    private FileStatusCodec() {}

    /** Writes a status. */
    public static FileStatusMessage encode(FileStatus status) {
        Attributes attributes = status.attributes();
        FileStatusMessage.Builder message = FileStatusMessage.newBuilder()
                .setFileId(status.file().value())
                .setName(status.name())
                .setDirectory(status.directory())
                .setLength(status.length())
                .setPermission(attributes.permission())
                .setOwner(attributes.owner())
                .setGroup(attributes.group())
                .setModificationMs(attributes.modificationMs())
                .setAccessMs(attributes.accessMs())
                .setReplication(status.replication())
                .setBlockSize(status.blockSize())
                .setChildCount(status.childCount())
                .setOpen(status.open())
                .setWindow(status.window())
                .setGeneration(status.generation().value());
        for (Segment segment : status.segments()) {
            message.addSegments(encode(segment));
        }
        return message.build();
    }

    /** Reads a status. */
    public static FileStatus decode(FileStatusMessage message) {
        return new FileStatus(
                new FileId(message.getFileId()),
                message.getName(),
                message.getDirectory(),
                message.getLength(),
                new Attributes(
                        message.getPermission(),
                        message.getOwner(),
                        message.getGroup(),
                        message.getModificationMs(),
                        message.getAccessMs()),
                message.getReplication(),
                message.getBlockSize(),
                message.getChildCount(),
                message.getOpen(),
                message.getSegmentsList().stream().map(FileStatusCodec::decode).toList(),
                message.getWindow(),
                new Generation(message.getGeneration()));
    }

    /** Writes a segment. */
    static SegmentMessage encode(Segment segment) {
        return SegmentMessage.newBuilder()
                .setBlob(segment.blob().value())
                .setLength(segment.length())
                .setTractSize(segment.tractSize())
                .setReplication(segment.replication())
                .setEnded(segment.ended())
                .setChange(segment.change().number())
                .setOtherReplication(segment.change().other())
                .setCommitted(segment.change().committed())
                .build();
    }

    /** Reads a segment. */
    static Segment decode(SegmentMessage message) {
        return new Segment(
                new BlobId(message.getBlob()),
                message.getLength(),
                message.getTractSize(),
                message.getReplication(),
                message.getEnded(),
                new SegmentChange(message.getChange(), message.getOtherReplication(), message.getCommitted()));
    }
}
