package io.tractfs.client.table;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.client.FileInfo;
import io.tractfs.client.namespace.PrefetchedPages;
import io.tractfs.client.namespace.StatusDecoder;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.CompactRowMessage;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.ListResponse;
import io.tractfs.wire.proto.SegmentMessage;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.proto.TableMessage;
import java.util.ArrayList;
import java.util.List;

/** What a metadata server answers is decoded or refused as malformed, whatever its fields hold. */
class AnswersFuzzTest {
    @FuzzTest(maxDuration = "8s")
    void anyAnswerIsDecodedOrRefused(FuzzedDataProvider input) {
        try {
            switch (input.consumeInt(0, 5)) {
                case 0 -> StatusDecoder.info(FileStatusMessage.parseFrom(input.consumeRemainingAsBytes()));
                case 1 ->
                    PrefetchedPages.decode(
                            ListResponse.parseFrom(input.consumeRemainingAsBytes()),
                            "/listed",
                            AnswersFuzzTest::entries);
                case 2 -> table(TableMessage.parseFrom(input.consumeRemainingAsBytes()));
                case 3 -> StatusDecoder.info(status(input));
                case 4 -> StatusDecoder.target(status(input));
                default -> table(table(input));
            }
        } catch (InvalidProtocolBufferException | TractException e) {
            // Refused, as it should be.
            return;
        }
    }

    private static FileStatusMessage status(FuzzedDataProvider input) {
        FileStatusMessage.Builder status = FileStatusMessage.newBuilder()
                .setFileId(input.consumeLong())
                .setGeneration(input.consumeLong())
                .setWindow(input.consumeInt());
        for (int segment = input.consumeInt(0, 3); segment > 0; segment--) {
            status.addSegments(SegmentMessage.newBuilder()
                    .setBlob(input.consumeLong())
                    .setLength(input.consumeLong())
                    .setTractSize(input.consumeBoolean() ? 1 << input.consumeInt(0, 31) : input.consumeInt())
                    .setReplication(input.consumeInt())
                    .setOtherReplication(input.consumeInt())
                    .setCommitted(input.consumeBoolean()));
        }
        return status.build();
    }

    private static TableMessage table(FuzzedDataProvider input) {
        TableMessage.Builder table = TableMessage.newBuilder()
                .setEpoch(input.consumeInt())
                .setChange(input.consumeLong())
                .setFull(input.consumeBoolean())
                .setClusterId(ByteString.copyFrom(new byte[16]))
                .setRowCount(input.consumeInt())
                .setColumnCount(input.consumeBoolean() ? 3 : input.consumeInt());
        for (int store = input.consumeInt(0, 3); store > 0; store--) {
            table.addStores(StoreInfoMessage.newBuilder()
                    .setRef(StoreRefMessage.newBuilder()
                            .setStore(ByteString.copyFrom(new byte[16]))
                            .setIncarnation(input.consumeLong()))
                    .setPort(input.consumeInt()));
        }
        for (int row = input.consumeInt(0, 3); row > 0; row--) {
            table.addRows(CompactRowMessage.newBuilder()
                    .setIndex(input.consumeInt(-1, 5))
                    .setVersion(input.consumeLong())
                    .addStores(input.consumeInt(-1, 4))
                    .addHeld(input.consumeInt())
                    .addWaiting(input.consumeInt(-1, 4))
                    .addWaitingClasses(input.consumeInt())
                    .setFrozen(input.consumeInt()));
        }
        return table.build();
    }

    private static List<FileInfo> entries(List<FileStatusMessage> messages, String listed) throws TractException {
        List<FileInfo> entries = new ArrayList<>();
        for (FileStatusMessage message : messages) {
            entries.add(StatusDecoder.info(message));
        }
        return entries;
    }

    /** A table of a million rows is a table, but takes the fuzzer too long. */
    private static void table(TableMessage message) throws TractException {
        if (message.getRowCount() < 1 << 12) {
            TableDecoder.decode(TableDecoder.decode(null, message), message);
        }
    }
}
