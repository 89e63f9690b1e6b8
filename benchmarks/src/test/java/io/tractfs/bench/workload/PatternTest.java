package io.tractfs.bench.workload;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PatternTest {
    private static final int LENGTH = 5 << 20;

    private static byte[] content(Pattern pattern) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long offset = 0; offset < LENGTH; offset += Pattern.CALL) {
            pattern.write(out, offset, Pattern.CALL);
        }
        return out.toByteArray();
    }

    @Test
    void acceptsWhatItWrote() throws IOException {
        Pattern pattern = new Pattern(7);
        byte[] content = content(pattern);

        assertThatCode(() -> pattern.checkAll(new ByteArrayInputStream(content), LENGTH, "file"))
                .doesNotThrowAnyException();
    }

    @Test
    void noticesOneWrongByte() throws IOException {
        Pattern pattern = new Pattern(7);
        byte[] content = content(pattern);
        content[LENGTH - 1]++;

        assertThatThrownBy(() -> pattern.checkAll(new ByteArrayInputStream(content), LENGTH, "file"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Wrong byte at " + (LENGTH - 1) + " of file");
    }

    @Test
    void noticesAMissingEnd() throws IOException {
        Pattern pattern = new Pattern(7);
        byte[] content = content(pattern);

        assertThatThrownBy(() -> pattern.checkAll(new ByteArrayInputStream(content, 0, 100), LENGTH, "file"))
                .hasMessageContaining("has 100 bytes, not " + LENGTH);
    }

    @Test
    void noticesBytesOfAnotherPlaceOrFile() throws IOException {
        Pattern pattern = new Pattern(7);
        byte[] content = content(pattern);

        assertThatThrownBy(() -> pattern.checkEnds(content, Pattern.CALL, 1 << 20, "file"))
                .hasMessageContaining("Wrong bytes");
        assertThatThrownBy(() -> new Pattern(8).checkEnds(content, Pattern.CALL, 0, "file"))
                .hasMessageContaining("Wrong bytes");
    }
}
