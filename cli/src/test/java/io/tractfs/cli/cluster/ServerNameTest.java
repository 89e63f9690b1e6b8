package io.tractfs.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.console.CommandFailure;
import org.junit.jupiter.api.Test;

class ServerNameTest {
    @Test
    void readsWhatItPrints() throws Exception {
        for (ServerName name : new ServerName[] {ServerName.metadata(1), ServerName.tract(12)}) {
            assertThat(ServerName.parse(name.toString())).isEqualTo(name);
        }
    }

    @Test
    void refusesOtherNames() {
        for (String text : new String[] {"", "tract", "tract-0", "tract-1x", "../tract-1", "store-1", "tract-99999"}) {
            assertThatThrownBy(() -> ServerName.parse(text))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("metadata-1, tract-1");
        }
    }
}
