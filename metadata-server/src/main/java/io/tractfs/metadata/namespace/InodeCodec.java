package io.tractfs.metadata.namespace;

import com.google.protobuf.ByteString;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.permission.Attributes;
import io.tractfs.metadata.proto.InodeRecord;
import io.tractfs.metadata.proto.WriterRecord;
import java.util.ArrayList;
import java.util.List;

/** {@link Inode} as stored. Immutable. */
final class InodeCodec {
    private InodeCodec() {}

    /** Writes an inode. */
    static byte[] encode(Inode inode) {
        Attributes attributes = inode.attributes();
        InodeRecord.Builder record = InodeRecord.newBuilder()
                .setId(inode.id().value())
                .setPermission(attributes.permission())
                .setOwner(attributes.owner())
                .setGroup(attributes.group())
                .setModificationMs(attributes.modificationMs())
                .setAccessMs(attributes.accessMs());
        if (inode instanceof Inode.Directory directory) {
            record.setDirectory(true).setChildCount(directory.childCount());
        } else if (inode instanceof Inode.FileNode file) {
            addFile(record, file);
        } else {
            throw new AssertionError("Neither file nor directory: " + inode);
        }
        return record.build().toByteArray();
    }

    private static void addFile(InodeRecord.Builder record, Inode.FileNode file) {
        record.setReplication(file.replication())
                .setBlockSize(file.blockSize())
                .setWindow(file.window())
                .setGeneration(file.generation().value());
        for (Segment segment : file.segments()) {
            record.addSegments(FileStatusCodec.encode(segment));
        }
        Writer writer = file.writer();
        switch (writer.state()) {
            case CLOSED -> {}
            case OPEN ->
                record.setWriter(WriterRecord.newBuilder()
                        .setHolder(Records.bytes(writer.holder().value()))
                        .setCreated(writer.created()));
            case RECOVERING -> record.setWriter(WriterRecord.getDefaultInstance());
        }
    }

    /** Reads an inode. */
    static Inode decode(byte[] bytes) {
        InodeRecord record = Records.parse(InodeRecord.parser(), bytes);
        return Records.decode("An inode", () -> decode(record));
    }

    private static Inode decode(InodeRecord record) {
        FileId id = new FileId(record.getId());
        Attributes attributes = new Attributes(
                record.getPermission(),
                record.getOwner(),
                record.getGroup(),
                record.getModificationMs(),
                record.getAccessMs());
        if (record.getDirectory()) {
            return new Inode.Directory(id, attributes, record.getChildCount());
        }
        List<Segment> segments = new ArrayList<>(record.getSegmentsCount());
        record.getSegmentsList().forEach(segment -> segments.add(FileStatusCodec.decode(segment)));
        return new Inode.FileNode(
                id,
                attributes,
                record.getReplication(),
                record.getBlockSize(),
                record.getWindow(),
                new Generation(record.getGeneration()),
                segments,
                writer(record));
    }

    private static Writer writer(InodeRecord record) {
        if (!record.hasWriter()) {
            return Writer.NOBODY;
        }
        ByteString holder = record.getWriter().getHolder();
        return holder.isEmpty()
                ? Writer.RECOVERY
                : Writer.of(
                        new ClientId(Records.uuid(holder)), record.getWriter().getCreated());
    }
}
