package io.tractfs.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.client.pool.ClientPool;
import io.tractfs.client.pool.PoolKey;
import io.tractfs.config.Settings;
import io.tractfs.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client over real sockets, against servers in memory. */
class TractFsClientIT {
    private LoopbackServers servers;
    private ClientPool pool;
    private TractFsClient client;

    @BeforeEach
    void begin() throws Exception {
        servers = new LoopbackServers();
        pool = new ClientPool(Clock.SYSTEM);
        ClientConfig config = ClientConfig.of(
                new Settings(Map.of("fs.tract.pool.idle.timeout", "0s", "fs.tract.read.piece", "2048")));
        PoolKey key = new PoolKey(List.of(servers.metadataAddress), "me", "me", config.pool(), config.retry());
        client = TractFsClients.connect(pool, key, config);
    }

    @AfterEach
    void end() {
        client.close();
        assertThat(pool.clusterCount()).isZero();
        pool.close();
        servers.close();
    }

    private byte[] read(String path) throws Exception {
        try (TractInput input = client.open(path)) {
            return ClientFixture.readAll(input, 5_000);
        }
    }

    @Test
    void readsBackWhatItWrote() throws Exception {
        byte[] bytes = ClientFixture.bytes(1, 2_000_003);
        try (TractOutput output = client.create("/file", ClientFixture.options(true))) {
            output.write(bytes, 0, bytes.length);
        }
        assertThat(client.status("/file").length()).isEqualTo(bytes.length);
        assertThat(read("/file")).isEqualTo(bytes);
    }

    @Test
    void goesOnWritingAndReadingWhenAServerEnds() throws Exception {
        byte[] bytes = ClientFixture.bytes(2, 1_000_000);
        try (TractOutput output = client.create("/file", ClientFixture.options(true))) {
            output.write(bytes, 0, 300_000);
            output.hflush();
            servers.kill(2);
            output.write(bytes, 300_000, 700_000);
        }
        assertThat(servers.metadata.complaints).isNotEmpty();
        assertThat(read("/file")).isEqualTo(bytes);
    }

    @Test
    void flushesManySmallWritesOneByOne() throws Exception {
        byte[] bytes = ClientFixture.bytes(3, 20_000);
        try (TractOutput output = client.create("/log", ClientFixture.options(false))) {
            for (int at = 0; at < bytes.length; at += 100) {
                output.write(bytes, at, 100);
                output.hflush();
            }
            assertThat(client.status("/log").length()).isEqualTo(bytes.length);
        }
        assertThat(read("/log")).isEqualTo(bytes);
    }
}
