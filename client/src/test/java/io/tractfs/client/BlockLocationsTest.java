package io.tractfs.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the logical blocks of files are, over servers in memory. */
class BlockLocationsTest {
    private static final int TRACT = InMemoryMetadata.TRACT;

    private ClientFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        fixture = new ClientFixture(Map.of());
    }

    @AfterEach
    void nothingLeaks() {
        fixture.client.close();
        fixture.assertNothingLeaks();
    }

    @Test
    void tilesAFileWithBlocksOfFewHosts() throws Exception {
        fixture.write("/file", new byte[5 * TRACT]);
        FileInfo info = fixture.client.open("/file").info();
        List<BlockHosts> blocks = fixture.client.locations(info, 0, Long.MAX_VALUE);
        assertThat(blocks).extracting(BlockHosts::offset).containsExactly(0L, 2L * TRACT, 4L * TRACT);
        assertThat(blocks).extracting(BlockHosts::length).containsExactly(2L * TRACT, 2L * TRACT, (long) TRACT);
        assertThat(blocks).allSatisfy(block -> assertThat(block.hosts()).hasSize(3));
        assertThat(fixture.client.locations(info, 2 * TRACT + 1, 1)).hasSize(1);
    }

    @Test
    void namesTinyBlocksTogetherWhereTheyAreTooMany() throws Exception {
        int length = 100_000;
        fixture.time.passWhile(() -> {
            try (TractOutput output =
                    fixture.client.create("/file", new CreateOptions(0644, true, true, false, 0, 1, true))) {
                output.write(new byte[length], 0, length);
            }
            return true;
        });
        FileInfo info = fixture.client.open("/file").info();
        List<BlockHosts> blocks = fixture.client.locations(info, 0, length);
        assertThat(blocks).hasSize(length / 2);
        assertThat(blocks.stream().mapToLong(BlockHosts::length).sum()).isEqualTo(length);
        assertThat(fixture.client.locations(info, 50_001, 10))
                .extracting(BlockHosts::offset)
                .containsExactly(
                        50_001L, 50_002L, 50_003L, 50_004L, 50_005L, 50_006L, 50_007L, 50_008L, 50_009L, 50_010L);
    }
}
