package io.tractfs.tract.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Generation;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What disks out there hold; a change here needs a new layout version. */
class GoldenBytesTest {
    private static final TractId TRACT = new TractId(new BlobId(0x0000_0100_0000_00a7L), 3);

    private static final TractHeader HEADER = new TractHeader(TRACT, 8 << 20);

    private static final TractSlot SLOT = new TractSlot(
            9,
            true,
            false,
            1000,
            0xcafe,
            new Generation(4),
            new RowVersion(0x3_0000_0011L),
            8389608,
            3,
            ReplicationChange.NONE,
            2,
            8 << 20);

    private static final Superblock SUPERBLOCK = new Superblock(
            new ClusterId(new UUID(1, 2)),
            new StoreId(new UUID(3, 4)),
            5,
            new Incarnation(6),
            new UUID(7, 8),
            true,
            2,
            1 << 20,
            65536,
            new Incarnation(4));

    @Test
    void headerIsAsItWas() throws FormatException {
        ByteBuffer bytes = ByteBuffer.allocate(TractHeader.SIZE);
        HEADER.encode(bytes);
        assertThat(hex(bytes.flip()))
                .isEqualTo(
                        "545241435446494c00000001000000400000000000000000000000000080000000000100000000a7000000030000020000000800000110000000000028a17aa9");
        assertThat(TractHeader.decode(bytes)).isEqualTo(HEADER);
    }

    @Test
    void slotSaysHowFarAChangeOfTheReplicationHasCome() {
        TractSlot changing = new TractSlot(
                9,
                true,
                false,
                1000,
                0xcafe,
                new Generation(4),
                new RowVersion(0x3_0000_0011L),
                8389608,
                3,
                new ReplicationChange(ReplicationChange.MAX_NUMBER, 32767),
                2,
                8 << 20);
        ByteBuffer bytes = ByteBuffer.allocate(TractSlot.SIZE);
        changing.encode(bytes);
        assertThat(hex(bytes.flip())).startsWith("534c4f54ffffff01").contains("7fff0003");
        assertThat(TractSlot.decode(bytes)).contains(changing);
    }

    @Test
    void slotIsAsItWas() {
        ByteBuffer bytes = ByteBuffer.allocate(TractSlot.SIZE);
        SLOT.encode(bytes);
        assertThat(hex(bytes.flip()))
                .isEqualTo(
                        "534c4f54000000010000000000000009000003e80000cafe0000000000000004000000030000001100000000008003e8000000030000000200800000bc71af5f");
        assertThat(TractSlot.decode(bytes)).contains(SLOT);
    }

    @Test
    void ofTheTwoCopiesOfASlotTheOneThatVerifiesCounts() {
        ByteBuffer bytes = ByteBuffer.allocate(TractSlot.BOTH);
        SLOT.encodeTwice(bytes);
        bytes.clear();
        assertThat(TractSlot.decodeEither(flipped(bytes, 100))).contains(SLOT);
        assertThat(TractSlot.decodeEither(flipped(bytes, TractSlot.SIZE * 8 + 100)))
                .contains(SLOT);
        SLOT.with(10, false, 2).encode(bytes.position(TractSlot.SIZE));
        assertThat(TractSlot.decodeEither(bytes.position(0))).contains(SLOT.with(10, false, 2));
    }

    @Test
    void superblockIsAsItWas() throws FormatException {
        ByteBuffer bytes = SUPERBLOCK.encode();
        assertThat(bytes.remaining()).isEqualTo(512);
        assertThat(hex(bytes.slice(0, 132)))
                .isEqualTo(
                        "545241435453544f00000001000000000000000000000000000000000000000000000000000000000000000000000001"
                                + "00000000000000020000000000000003000000000000000400000000000000050000000000000006000000000000000700000000"
                                + "0000000800000001000000020000000000100000000100000000000000000004");
        assertThat(bytes.slice(132, 376)).isEqualTo(ByteBuffer.allocate(376));
        assertThat(bytes.getInt(508)).isEqualTo(-619790247);
        assertThat(Superblock.decode(bytes)).isEqualTo(SUPERBLOCK);
    }

    @Test
    void tractIsWhereItWas() {
        assertThat(TractLayout.file(TRACT)).isEqualTo("tracts/17f/00000100000000a7-3");
        assertThat(TractLayout.data(8 << 20)).isEqualTo(69632);
        assertThat(TractLayout.data(64 << 10)).isEqualTo(4096);
        assertThat(TractLayout.checksum(10)).isEqualTo(2088);
        assertThat(TractLayout.slot(2)).isEqualTo(1472);
    }

    @Test
    void everyFlippedBitOfHeaderSlotAndSuperblockIsFound() {
        ByteBuffer header = ByteBuffer.allocate(TractHeader.SIZE);
        HEADER.encode(header);
        ByteBuffer slot = ByteBuffer.allocate(TractSlot.SIZE);
        SLOT.encode(slot);
        ByteBuffer superblock = SUPERBLOCK.encode();
        for (int bit = 0; bit < TractHeader.SIZE * 8; bit++) {
            int flipped = bit;
            assertThatThrownBy(() -> TractHeader.decode(flipped(header, flipped)))
                    .isInstanceOf(FormatException.class);
            assertThat(TractSlot.decode(flipped(slot, bit))).isEmpty();
        }
        for (int bit = 0; bit < Superblock.SIZE * 8; bit++) {
            int flipped = bit;
            assertThatThrownBy(() -> Superblock.decode(flipped(superblock, flipped)))
                    .isInstanceOf(FormatException.class);
        }
    }

    @Test
    void refusesANewerLayoutAndNamesBothVersions() {
        ByteBuffer newer = SUPERBLOCK.encode().putInt(8, 7);
        newer.putInt(508, ChunkChecksums.plain(newer.slice(0, 508)));
        assertThatThrownBy(() -> Superblock.decode(newer))
                .hasMessageContaining("version 7")
                .hasMessageContaining("version 1")
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.isNewer()).isTrue());
    }

    private static ByteBuffer flipped(ByteBuffer bytes, int bit) {
        ByteBuffer copy =
                ByteBuffer.allocate(bytes.capacity()).put(bytes.duplicate().clear());
        return copy.put(bit / 8, (byte) (copy.get(bit / 8) ^ (1 << (bit % 8)))).clear();
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
