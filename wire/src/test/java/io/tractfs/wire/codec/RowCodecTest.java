package io.tractfs.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import io.tractfs.wire.proto.RowMessage;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowCodecTest {
    private static final StoreRef A = new StoreRef(new StoreId(new UUID(1, 2)), new Incarnation(3));

    @Test
    void aRowWithVacanciesAndWaitingStoresSurvivesTheTrip() throws TractException {
        Row row = new Row(
                7,
                RowVersion.of(new Epoch(3), 17),
                Columns.of(null, new Member(A, new ClassSet(6)), null),
                List.of(new Waiting(new StoreId(new UUID(4, 5)), RowVersion.of(new Epoch(2), 1), new ClassSet(1))));

        assertThat(RowCodec.decode(RowCodec.encode(row))).isEqualTo(row);
    }

    @Test
    void aStoreSurvivesTheTrip() throws TractException {
        StoreInfo info = new StoreInfo(A, "tract-1", "::1", 7620, "/rack-1");

        assertThat(StoreCodec.decode(StoreCodec.encode(info))).isEqualTo(info);
    }

    @Test
    void refusesARowWithoutColumns() {
        assertThatThrownBy(() -> RowCodec.decode(RowMessage.getDefaultInstance()))
                .isInstanceOf(TractException.class)
                .hasMessageContaining("columns");
    }

    @Test
    void refusesAnIdOfTheWrongLength() {
        assertThatThrownBy(() -> IdCodec.store(ByteString.copyFromUtf8("short")))
                .isInstanceOf(TractException.class)
                .hasMessageContaining("16 bytes");
    }
}
