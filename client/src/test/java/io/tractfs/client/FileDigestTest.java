package io.tractfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Digests of files over servers in memory, whose blocks have two tracts. */
class FileDigestTest {
    private static final int TRACT = InMemoryMetadata.TRACT;
    private static final int BLOCK = 2 * TRACT;

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
    void isThatOfTheBytesWhateverTheLength() throws Exception {
        int[] lengths = {0, 1, 511, 512, 513, TRACT - 1, TRACT, TRACT + 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 777
        };
        for (int length : lengths) {
            byte[] bytes = ClientFixture.bytes(length, length);
            fixture.write("/file", bytes);
            assertDigests(bytes, length);
            assertDigests(bytes, length / 2);
            assertDigests(bytes, Math.max(0, length - 1));
        }
    }

    @Test
    void joinsChunksThatSegmentsCut() throws Exception {
        byte[] bytes = ClientFixture.bytes(5, 4 * TRACT);
        fixture.write("/file", Arrays.copyOf(bytes, 700));
        int[] ends = {701, 1_024, 1_025, 1_026, 3_000, TRACT + 3, 3 * TRACT + 511, bytes.length};
        int at = 700;
        for (int end : ends) {
            try (TractOutput output = fixture.client.append("/file", true)) {
                output.write(bytes, at, end - at);
            }
            at = end;
        }
        assertThat(fixture.servers.metadata.file("/file").getSegmentsCount()).isEqualTo(1 + ends.length);
        for (int length : new int[] {1, 700, 701, 1_024, 1_026, 2_000, BLOCK, BLOCK + 5, bytes.length}) {
            assertDigests(bytes, length);
        }
        assertThat(fixture.client
                        .digest("/file", Long.MAX_VALUE, DigestKind.CRC32C)
                        .length())
                .isEqualTo(bytes.length);
    }

    @Test
    void goesToAnotherMemberWhenOneIsDeadShortOrDamaged() throws Exception {
        byte[] bytes = ClientFixture.bytes(9, 3 * TRACT);
        fixture.write("/file", bytes);
        TractId first = fixture.tract("/file", 0);
        TractId second = fixture.tract("/file", 1);
        int[] members = fixture.servers.metadata.members(first);
        store(members[0]).damaged.add(first);
        Objects.requireNonNull(store(members[1]).tracts.get(first)).bytes = new byte[10];
        fixture.servers.dead.add(fixture.servers.metadata.members(second)[0]);
        fixture.time.passWhile(() -> {
            assertDigests(bytes, bytes.length);
            return true;
        });
    }

    @Test
    void isNotGivenWhereNoMemberHasTheBytes() throws Exception {
        fixture.write("/file", new byte[100]);
        TractId tract = fixture.tract("/file", 0);
        for (int member : fixture.servers.metadata.members(tract)) {
            store(member).damaged.add(tract);
        }
        assertThatThrownBy(() -> fixture.time.passWhile(() -> fixture.client.digest("/file", 100, DigestKind.CRC32C)))
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED));
    }

    @Test
    void isRefusedWhileAWriterHoldsTheFile() throws Exception {
        try (TractOutput output = fixture.client.create("/file", ClientFixture.options(true))) {
            output.write(new byte[10], 0, 10);
            assertThatThrownBy(() -> fixture.client.digest("/file", 10, DigestKind.BLOCK_MD5S))
                    .hasMessage("Fail to get checksum, since file /file is under construction.");
        }
    }

    private InMemoryStore store(int number) {
        return fixture.servers.metadata.stores.get(number);
    }

    private void assertDigests(byte[] bytes, int length) throws Exception {
        FileDigest md5s = fixture.client.digest("/file", length, DigestKind.BLOCK_MD5S);
        assertThat(md5s.length()).isEqualTo(length);
        assertThat(md5s.blockSize()).isEqualTo(BLOCK);
        assertThat(md5s.bytes()).as("MD5s of %d bytes", length).isEqualTo(md5s(bytes, length));
        ByteBuffer crc =
                fixture.client.digest("/file", length, DigestKind.CRC32C).bytes();
        assertThat(crc.getInt())
                .as("CRC of %d bytes", length)
                .isEqualTo(ChunkChecksums.plain(ByteBuffer.wrap(bytes, 0, length)));
    }

    private static ByteBuffer md5s(byte[] bytes, int length) throws Exception {
        int blocks = (length + BLOCK - 1) / BLOCK;
        ByteBuffer all = ByteBuffer.allocate(blocks * 16);
        for (int start = 0; start < length; start += BLOCK) {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            int end = Math.min(length, start + BLOCK);
            for (int at = start; at < end; at += 512) {
                int crc = ChunkChecksums.plain(ByteBuffer.wrap(bytes, at, Math.min(512, end - at)));
                md5.update(ByteBuffer.allocate(4).putInt(crc).flip());
            }
            all.put(md5.digest());
        }
        return all.flip();
    }
}
