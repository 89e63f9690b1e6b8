package io.tractfs.client.table;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.error.TractException;
import io.tractfs.table.TableImage;
import io.tractfs.wire.proto.CompactRowMessage;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.proto.TableMessage;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A table of any bytes is taken or refused. */
class DamagedTableTest {
    private static final int SEEDS = 20_000;
    private static final int ROWS = 4;

    @Test
    void anyTableIsDecodedOrRefused() throws TractException {
        byte[] sound = table(true).toByteArray();
        TableImage base = TableDecoder.decode(null, table(true));
        byte[] delta = table(false).toByteArray();
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = (random.nextBoolean() ? sound : delta).clone();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            TableImage before = random.nextBoolean() ? base : null;
            assertThatCode(() -> decode(before, bytes)).as("seed " + seed).doesNotThrowAnyException();
        }
    }

    @Test
    void aTableWithMoreColumnsThanThereCanBeOrWithFewerThanNoneIsRefused() {
        for (int columns : new int[] {-1, 0, 9, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            TableMessage message =
                    table(true).toBuilder().setColumnCount(columns).build();
            assertThatThrownBy(() -> TableDecoder.decode(null, message))
                    .isInstanceOf(TractException.class)
                    .hasMessageContaining("1 to 8 columns, not " + columns);
        }
    }

    private static void decode(@Nullable TableImage base, byte[] bytes) {
        try {
            TableImage unused = TableDecoder.decode(base, TableMessage.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | TractException e) {
            // Refused, as it should be.
            return;
        }
    }

    private static TableMessage table(boolean full) {
        TableMessage.Builder table = TableMessage.newBuilder()
                .setFull(full)
                .setEpoch(1)
                .setChange(full ? 1 : 2)
                .setRowCount(ROWS)
                .setColumnCount(2)
                .setClusterId(ByteString.copyFrom(new byte[16]));
        for (int store = 0; store < 2; store++) {
            byte[] id = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) store};
            table.addStores(StoreInfoMessage.newBuilder()
                    .setRef(StoreRefMessage.newBuilder()
                            .setStore(ByteString.copyFrom(id))
                            .setIncarnation(1))
                    .setHost("host" + store)
                    .setPort(7620));
        }
        for (int row = 0; row < ROWS; row++) {
            table.addRows(CompactRowMessage.newBuilder()
                    .setIndex(row)
                    .setVersion(1L << 32 | row)
                    .addStores(1)
                    .addStores(2)
                    .addHeld(3)
                    .addHeld(2)
                    .addWaiting(1)
                    .addWaitingClasses(1));
        }
        return table.build();
    }
}
