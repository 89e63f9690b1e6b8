package io.tractfs.metadata.namespace;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.tractfs.id.FileId;
import io.tractfs.metadata.proto.InodeRecord;
import io.tractfs.wire.proto.SegmentMessage;
import java.io.IOException;

/**
 * What sums need of stored inodes, read without the rest: id, kind, length and replication. One object is used for many
 * inodes. Not thread-safe.
 */
final class LengthsCodec {
    private long id;
    private boolean directory;
    private long length;
    private long replication;

    /** Reads the next inode, as {@link InodeCodec} wrote it; the accessors tell of it from then on. */
    void read(byte[] inode) {
        id = 0;
        directory = false;
        length = 0;
        replication = 0;
        try {
            CodedInputStream in = CodedInputStream.newInstance(inode);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                read(in, tag);
            }
        } catch (IOException e) {
            throw new StoredFormatException("An inode of " + inode.length + " bytes cannot be read", e);
        }
    }

    private void read(CodedInputStream in, int tag) throws IOException {
        switch (WireFormat.getTagFieldNumber(tag)) {
            case InodeRecord.ID_FIELD_NUMBER -> id = in.readUInt64();
            case InodeRecord.DIRECTORY_FIELD_NUMBER -> directory = in.readBool();
            case InodeRecord.REPLICATION_FIELD_NUMBER -> replication = in.readUInt64();
            case InodeRecord.SEGMENTS_FIELD_NUMBER -> length += ofSegment(in, in.readRawVarint32());
            default -> in.skipField(tag);
        }
    }

    /** Length in an encoded segment of so many bytes, which is read to its end. */
    static long ofSegment(CodedInputStream in, int size) throws IOException {
        int outer = in.pushLimit(size);
        long length = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == SegmentMessage.LENGTH_FIELD_NUMBER) {
                length = in.readUInt64();
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return length;
    }

    FileId id() {
        return new FileId(id);
    }

    boolean isDirectory() {
        return directory;
    }

    /** Bytes of a file. */
    long length() {
        return length;
    }

    /** Replication of a file as the user set it. */
    long replication() {
        return replication;
    }
}
