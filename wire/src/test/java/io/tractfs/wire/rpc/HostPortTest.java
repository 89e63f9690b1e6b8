package io.tractfs.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostPortTest {
    @Test
    void readsNamesAndLiterals() {
        assertThat(HostPort.parse("node-1.example:7610")).isEqualTo(new HostPort("node-1.example", 7610));
        assertThat(HostPort.parse("[::1]:7620")).isEqualTo(new HostPort("::1", 7620));
        assertThat(HostPort.parse("10.0.0.1", 7610)).isEqualTo(new HostPort("10.0.0.1", 7610));
        assertThat(HostPort.parse("[fe80::2]", 1)).isEqualTo(new HostPort("fe80::2", 1));
    }

    @Test
    void writesWhatItReads() {
        for (String text : List.of("node:1", "[::1]:65535", "127.0.0.1:0")) {
            assertThat(HostPort.parse(text)).hasToString(text);
        }
    }

    @Test
    void refusesWhatIsNeither() {
        for (String text : List.of("", "node", "node:", "node:x", "node:70000", "::1:80", "[::1", "[]:1", ":80")) {
            assertThatThrownBy(() -> HostPort.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
