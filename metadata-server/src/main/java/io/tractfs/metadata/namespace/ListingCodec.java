package io.tractfs.metadata.namespace;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.tractfs.metadata.proto.InodeRecord;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.ListEntries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A page of a listing, made of stored inodes, field by field, without an object for either: a page has thousands.
 * It says of an inode what {@link InodeCodec} and {@link FileStatusCodec} one after the other would. Not thread-safe.
 */
final class ListingCodec {
    /** Where a number of an inode goes in a status, by its field there; 0 for none. */
    private static final int[] NUMBERS = numbers();

    private final boolean withSegments;
    private final MessageBuffer page = new MessageBuffer();
    private final MessageBuffer entry = new MessageBuffer();
    private int count;

    /** An empty page, whose entries have segments or not. */
    ListingCodec(boolean withSegments) {
        this.withSegments = withSegments;
    }

    private static int[] numbers() {
        int[] to = new int[InodeRecord.WRITER_FIELD_NUMBER + 1];
        to[InodeRecord.ID_FIELD_NUMBER] = FileStatusMessage.FILE_ID_FIELD_NUMBER;
        to[InodeRecord.DIRECTORY_FIELD_NUMBER] = FileStatusMessage.DIRECTORY_FIELD_NUMBER;
        to[InodeRecord.PERMISSION_FIELD_NUMBER] = FileStatusMessage.PERMISSION_FIELD_NUMBER;
        to[InodeRecord.MODIFICATION_MS_FIELD_NUMBER] = FileStatusMessage.MODIFICATION_MS_FIELD_NUMBER;
        to[InodeRecord.ACCESS_MS_FIELD_NUMBER] = FileStatusMessage.ACCESS_MS_FIELD_NUMBER;
        to[InodeRecord.CHILD_COUNT_FIELD_NUMBER] = FileStatusMessage.CHILD_COUNT_FIELD_NUMBER;
        to[InodeRecord.REPLICATION_FIELD_NUMBER] = FileStatusMessage.REPLICATION_FIELD_NUMBER;
        to[InodeRecord.BLOCK_SIZE_FIELD_NUMBER] = FileStatusMessage.BLOCK_SIZE_FIELD_NUMBER;
        to[InodeRecord.WINDOW_FIELD_NUMBER] = FileStatusMessage.WINDOW_FIELD_NUMBER;
        to[InodeRecord.GENERATION_FIELD_NUMBER] = FileStatusMessage.GENERATION_FIELD_NUMBER;
        return to;
    }

    /** Number of entries. */
    int count() {
        return count;
    }

    /** Adds one that was decoded already. */
    void add(FileStatus status) {
        byte[] encoded = FileStatusCodec.encode(status).toByteArray();
        page.message(ListEntries.ENTRIES_FIELD_NUMBER, encoded, 0, encoded.length);
        count++;
    }

    /**
     * Adds an entry of a directory, unless the page would get too large by it; the first one always has room.
     *
     * @param key its key in {@link KeySpace#INODES}
     * @param inode the inode as {@link InodeCodec} wrote it
     * @param maxBytes most bytes of the page
     * @return whether it was added
     */
    boolean add(byte[] key, byte[] inode, int maxBytes) {
        entry.clear();
        entry.bytes(FileStatusMessage.NAME_FIELD_NUMBER, key, Keys.ID_BYTES, key.length - Keys.ID_BYTES);
        long length = 0;
        try {
            CodedInputStream in = CodedInputStream.newInstance(inode);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                length += copy(in, tag, inode);
            }
        } catch (IOException e) {
            throw new StoredFormatException("An inode of " + inode.length + " bytes cannot be read", e);
        }
        entry.number(FileStatusMessage.LENGTH_FIELD_NUMBER, length);
        if (count > 0 && page.size() + entry.size() > maxBytes) {
            return false;
        }
        page.message(ListEntries.ENTRIES_FIELD_NUMBER, entry);
        count++;
        return true;
    }

    /** The page, a {@link ListEntries}; nothing can be added after this. */
    ByteBuffer finish() {
        return page.finish();
    }

    /** Reads a page. */
    static List<FileStatus> decode(ByteBuffer page) {
        try {
            List<FileStatusMessage> entries = ListEntries.parseFrom(page).getEntriesList();
            return Records.decode(
                    "A page of a listing",
                    () -> entries.stream().map(FileStatusCodec::decode).toList());
        } catch (InvalidProtocolBufferException e) {
            throw new StoredFormatException("A page of a listing cannot be read", e);
        }
    }

    /** Copies one field; returns the length of the file's bytes in it. */
    private long copy(CodedInputStream in, int tag, byte[] inode) throws IOException {
        switch (WireFormat.getTagFieldNumber(tag)) {
            case InodeRecord.OWNER_FIELD_NUMBER -> copyBytes(in, inode, FileStatusMessage.OWNER_FIELD_NUMBER);
            case InodeRecord.GROUP_FIELD_NUMBER -> copyBytes(in, inode, FileStatusMessage.GROUP_FIELD_NUMBER);
            case InodeRecord.SEGMENTS_FIELD_NUMBER -> {
                return copySegment(in, inode);
            }
            case InodeRecord.WRITER_FIELD_NUMBER -> {
                in.skipField(tag);
                entry.number(FileStatusMessage.OPEN_FIELD_NUMBER, 1);
            }
            default -> copyNumber(in, tag);
        }
        return 0;
    }

    private void copyNumber(CodedInputStream in, int tag) throws IOException {
        int field = WireFormat.getTagFieldNumber(tag);
        int to = field < NUMBERS.length && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT
                ? NUMBERS[field]
                : 0;
        if (to == 0) {
            in.skipField(tag);
        } else {
            entry.number(to, in.readUInt64());
        }
    }

    private void copyBytes(CodedInputStream in, byte[] inode, int field) throws IOException {
        int length = in.readRawVarint32();
        int at = in.getTotalBytesRead();
        in.skipRawBytes(length);
        entry.bytes(field, inode, at, length);
    }

    private long copySegment(CodedInputStream in, byte[] inode) throws IOException {
        int size = in.readRawVarint32();
        int at = in.getTotalBytesRead();
        long length = LengthsCodec.ofSegment(in, size);
        if (withSegments) {
            entry.message(FileStatusMessage.SEGMENTS_FIELD_NUMBER, inode, at, size);
        }
        return length;
    }
}
