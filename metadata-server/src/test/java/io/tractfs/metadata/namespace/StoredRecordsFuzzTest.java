package io.tractfs.metadata.namespace;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An entry of the log or a record of the namespace is decoded or refused as damage, whatever its bytes are. */
class StoredRecordsFuzzTest {
    private static final int KINDS = 4;

    @FuzzTest(maxDuration = "20s")
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
                default -> ResultCodec.decode(record);
            }
        } catch (StoredFormatException e) {
            // Refused, as it should be.
            return;
        }
    }
}
