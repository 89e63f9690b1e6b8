package io.tractfs.client.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.TractException;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.SegmentMessage;
import org.junit.jupiter.api.Test;

class StatusDecoderTest {
    private static final SegmentMessage SEGMENT = SegmentMessage.newBuilder()
            .setBlob(7)
            .setLength(100)
            .setTractSize(1 << 20)
            .setReplication(3)
            .build();

    @Test
    void readsSegmentsAndTheTargetOfAWriter() throws TractException {
        FileStatusMessage status = FileStatusMessage.newBuilder()
                .setGeneration(5)
                .addSegments(SEGMENT)
                .addSegments(SEGMENT.toBuilder().setBlob(8))
                .build();
        assertThat(StatusDecoder.info(status).segments()).hasSize(2);
        assertThat(StatusDecoder.target(status).blob().value()).isEqualTo(8);
        assertThat(StatusDecoder.target(status).generation().value()).isEqualTo(5);
    }

    @Test
    void refusesSegmentsThatCannotBe() {
        refused(SEGMENT.toBuilder().setLength(-1), "a segment's length is negative");
        refused(SEGMENT.toBuilder().setTractSize(0), "a tract's size is no power of two");
        refused(SEGMENT.toBuilder().setTractSize(3), "a tract's size is no power of two");
        refused(SEGMENT.toBuilder().setTractSize(Integer.MIN_VALUE), "a tract's size is negative");
        refused(SEGMENT.toBuilder().setReplication(0), "a segment's replication is below 1");
        FileStatusMessage.Builder endless = FileStatusMessage.newBuilder();
        for (int i = 0; i < 3; i++) {
            endless.addSegments(SEGMENT.toBuilder().setLength(Long.MAX_VALUE));
        }
        assertThatThrownBy(() -> StatusDecoder.info(endless.build())).hasMessageContaining("longer than a file can be");
    }

    @Test
    void refusesAWritersFileWithoutASegmentOrWithANegativeGeneration() {
        assertThatThrownBy(() -> StatusDecoder.target(FileStatusMessage.getDefaultInstance()))
                .isInstanceOf(TractException.class)
                .hasMessageContaining("has no segment");
        FileStatusMessage status = FileStatusMessage.newBuilder()
                .setGeneration(-1)
                .addSegments(SEGMENT)
                .build();
        assertThatThrownBy(() -> StatusDecoder.target(status)).hasMessageContaining("a generation is negative");
    }

    private static void refused(SegmentMessage.Builder segment, String reason) {
        FileStatusMessage status = FileStatusMessage.newBuilder()
                .setName("name")
                .setFileId(9)
                .addSegments(segment)
                .build();
        assertThatThrownBy(() -> StatusDecoder.info(status))
                .isInstanceOf(TractException.class)
                .hasMessageContaining("'name', file 9")
                .hasMessageContaining(reason);
    }
}
