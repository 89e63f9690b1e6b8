package io.tractfs.tract.store;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.format.Superblock;
import io.tractfs.tract.format.TractHeader;
import io.tractfs.tract.format.TractSlot;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a store reads from its disk is decoded or refused as damage, whatever bytes are there. */
class StoredRecordsFuzzTest {
    private static final int KINDS = 5;

    @FuzzTest(maxDuration = "8s")
    void anyBytesOnDiskAreDecodedOrRefused(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] kept = Arrays.copyOfRange(bytes, 1, bytes.length);
        ByteBuffer record = ByteBuffer.wrap(kept);
        try {
            switch (Math.floorMod(bytes[0], KINDS)) {
                case 0 -> RowRecord.decode(Bytes.of(kept));
                case 1 -> Extras.Kept.decode(Bytes.of(kept));
                case 2 -> Superblock.decode(record);
                case 3 -> TractHeader.decode(record);
                default -> decodeSlot(record);
            }
        } catch (FormatException e) {
            // Refused, as it should be.
            return;
        }
    }

    private static void decodeSlot(ByteBuffer record) {
        if (record.remaining() >= TractSlot.SIZE) {
            TractSlot.decode(record);
        }
    }
}
