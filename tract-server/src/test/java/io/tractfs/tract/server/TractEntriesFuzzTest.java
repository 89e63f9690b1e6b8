package io.tractfs.tract.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.TractEntry;

/** What another store says of a tract is taken or refused, whatever it is. */
class TractEntriesFuzzTest {
    @FuzzTest(maxDuration = "4s")
    void anyEntryIsDecodedOrRefused(byte[] bytes) {
        try {
            TractEntries.decode(TractEntry.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | TractException e) {
            // Refused, as it should be.
            return;
        }
    }
}
