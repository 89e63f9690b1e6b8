package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterAddressTest {
    private final Map<String, String> logicalNames = Map.of("prod_1", "a:1, b");

    @Test
    void takesAHostWithItsPort() throws IOException {
        assertThat(servers("tract://node-1:9000/a")).containsExactly("node-1:9000");
    }

    @Test
    void addsTheDefaultPort() throws IOException {
        assertThat(servers("tract://node-1")).containsExactly("node-1:7610");
    }

    @Test
    void takesIpv6Literals() throws IOException {
        assertThat(servers("tract://[::1]")).containsExactly("[::1]:7610");
        assertThat(servers("tract://[::1]:9000")).containsExactly("[::1]:9000");
    }

    @Test
    void resolvesALogicalNameWhateverItsCase() throws IOException {
        assertThat(servers("tract://PROD_1/x")).containsExactly("a:1", "b:7610");
        assertThat(ClusterAddress.of(URI.create("tract://prod_1"), logicalNames).logical())
                .isTrue();
    }

    @Test
    void takesAListOfMetadataServers() throws IOException {
        assertThat(servers("tract://a:1,b,c:3/x")).containsExactly("a:1", "b:7610", "c:3");
    }

    @Test
    void refusesAUriWithoutACluster() {
        assertThatThrownBy(() -> servers("tract:///a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no cluster named");
    }

    @Test
    void namesTheKeyThatALogicalNameLacks() {
        assertThatThrownBy(() -> servers("tract://my_cluster/a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fs.tract.metadata.my_cluster");
    }

    private List<String> servers(String uri) throws IOException {
        return ClusterAddress.of(URI.create(uri), logicalNames).metadataServers();
    }
}
