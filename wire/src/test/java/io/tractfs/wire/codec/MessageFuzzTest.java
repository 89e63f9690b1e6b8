package io.tractfs.wire.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.GrantEpochResponse;
import io.tractfs.wire.proto.ProposeRequest;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.proto.StoreInfoMessage;
import java.nio.ByteBuffer;

/** A message of any bytes is decoded or refused with the error of its kind, whatever its fields hold. */
class MessageFuzzTest {
    @FuzzTest(maxDuration = "8s")
    void anyMessageIsDecodedOrRefused(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        ByteBuffer message = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        try {
            switch (bytes[0] & 3) {
                case 0 -> RowCodec.decode(RowMessage.parseFrom(message));
                case 1 -> StoreCodec.decode(StoreInfoMessage.parseFrom(message));
                case 2 -> decodeRows(GrantEpochResponse.parseFrom(message));
                default -> IdCodec.store(ProposeRequest.parseFrom(message).toByteString());
            }
        } catch (InvalidProtocolBufferException | TractException e) {
            // Refused, as it should be.
            return;
        }
    }

    private static void decodeRows(GrantEpochResponse response) throws TractException {
        for (RowMessage row : response.getClaimsList()) {
            RowCodec.decode(row);
        }
    }
}
