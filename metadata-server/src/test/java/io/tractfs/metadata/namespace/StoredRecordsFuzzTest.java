package io.tractfs.metadata.namespace;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.wire.proto.CompleteRequest;
import io.tractfs.wire.proto.ConcatRequest;
import io.tractfs.wire.proto.CreateRequest;
import io.tractfs.wire.proto.RenameRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An entry of the log or a record of the namespace is decoded or refused as damage, and a client's request or path becomes
 * a command or is refused, whatever its bytes are.
 */
class StoredRecordsFuzzTest {
    private static final int KINDS = 10;
    private static final int PAGE_BYTES = 1 << 20;

    @FuzzTest(maxDuration = "16s")
    void anyStoredBytesAreDecodedOrRefused(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] record = Arrays.copyOfRange(bytes, 1, bytes.length);
        try {
            switch (Math.floorMod(bytes[0], KINDS)) {
                case 0 -> LogCodec.decode(ByteBuffer.wrap(record));
                case 1 -> InodeCodec.decode(record);
                case 2 -> CountersCodec.decode(record);
                case 3 -> ResultCodec.decode(record);
                case 4 -> list(record);
                case 5 -> NamespacePath.parse(new String(record, StandardCharsets.UTF_8));
                case 6 -> RequestCodec.decode(CreateRequest.parseFrom(record));
                case 7 -> RequestCodec.decode(RenameRequest.parseFrom(record));
                case 8 -> cluster(record);
                default -> ids(record);
            }
        } catch (StoredFormatException | Refusal | InvalidProtocolBufferException e) {
            // Refused, as it should be.
            return;
        }
    }

    /** A stored inode goes into a page without being decoded; what comes out is read by clients. */
    private static void list(byte[] inode) {
        ListingCodec page = new ListingCodec((inode.length & 1) == 0);
        if (page.add(new byte[Keys.ID_BYTES + 1], inode, PAGE_BYTES)) {
            ListingCodec.decode(page.finish());
        }
    }

    private static void cluster(byte[] record) {
        switch (record.length % 3) {
            case 0 -> ClusterCodec.decodeLayout(record);
            case 1 -> ClusterCodec.decodeStore(record);
            default -> ClusterCodec.decodeEpoch(Arrays.copyOf(record, Integer.BYTES), record);
        }
    }

    private static void ids(byte[] record) throws InvalidProtocolBufferException {
        RequestCodec.decode(CompleteRequest.parseFrom(record));
        RequestCodec.decode(ConcatRequest.parseFrom(record));
    }
}
