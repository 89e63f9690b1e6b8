package io.tractfs.tract.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.id.StoreId;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.disk.DiskFullException;
import io.tractfs.tract.disk.InMemoryDisk;
import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Family;
import io.tractfs.tract.store.LedgerJournal.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LedgerJournalTest {
    private static final Change ONE = new Change(Family.ROWS, Bytes.name("a"), Bytes.name("xy"));
    private static final Change TWO = new Change(Family.EXTRAS, Bytes.name("b"), Bytes.name("z"));
    private static final Change GONE = new Change(Family.ROWS, Bytes.name("a"), null);

    private final InMemoryDisk disk = new InMemoryDisk(1 << 20);
    private final StoreId store = new StoreId(new UUID(0x0102030405060708L, 0x090A0B0C0D0E0F10L));
    private final LedgerJournal journal = new LedgerJournal(disk, store, 0);

    // These bytes are on disks: a change of them needs another version.
    @Test
    void keepsItsFormat() throws IOException {
        journal.rewrite(image());
        journal.append(List.of(ONE, GONE));
        assertThat(HexFormat.of().formatHex(content()))
                .isEqualTo("54524143544c45440000000100000000" + "0102030405060708090a0b0c0d0e0f10" + "00".repeat(28)
                        + "17a4d903"
                        + "0000000c2371daf1000000000000000100000000"
                        + "00000022bbdf2bda0000000000000002000000020000000001610000000278790000000001"
                        + "61ffffffff");
    }

    @Test
    void givesBackWhatWasAppendedAndWrittenAnew() throws IOException {
        journal.rewrite(image());
        journal.append(List.of(ONE));
        journal.append(List.of(TWO, GONE));
        Content read = read();
        assertThat(read.image()).isEqualTo(image(TWO));
        assertThat(read.sequence()).isEqualTo(3);
        assertThat(read.torn()).isFalse();
        journal.rewrite(image(TWO));
        journal.append(List.of(ONE));
        assertThat(read().image()).isEqualTo(image(TWO, ONE));
        assertThat(read().sequence()).isEqualTo(5);
    }

    @Test
    void keepsWhatWasForcedWhenThePowerGoes() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            journal.rewrite(image());
            journal.append(List.of(ONE));
            journal.force();
            journal.append(List.of(TWO));
            disk.losePower(new Random(seed));
            Content read =
                    LedgerJournal.read(disk, store, journal.sequence() - 1).orElseThrow();
            assertThat(read.image()).as("seed " + seed).isIn(image(ONE), image(ONE, TWO));
        }
    }

    @Test
    void refusesADamagedRecordUnlessItIsTheTornEndOfWhatNobodyWasPromised() throws IOException {
        journal.rewrite(image());
        journal.append(List.of(ONE));
        journal.append(List.of(TWO));
        int end = content().length;
        disk.flipBit(LedgerJournal.FILE, end - 1);
        assertThatThrownBy(this::read).isInstanceOf(FormatException.class).hasMessageContaining("after record 2 of 3");
        Content torn = LedgerJournal.read(disk, store, 2).orElseThrow();
        assertThat(torn.image()).isEqualTo(image(ONE));
        assertThat(torn.torn()).isTrue();
        disk.flipBit(LedgerJournal.FILE, end - 1);
        disk.flipBit(LedgerJournal.FILE, 64 + 20 + 9);
        assertThatThrownBy(() -> LedgerJournal.read(disk, store, 0)).isInstanceOf(FormatException.class);
    }

    @Test
    void refusesTheJournalOfAnotherStore() throws IOException {
        journal.rewrite(image());
        assertThatThrownBy(() -> LedgerJournal.read(disk, new StoreId(new UUID(1, 1)), 0))
                .hasMessageContaining("is not that of store");
        assertThat(LedgerJournal.read(new InMemoryDisk(1 << 20), store, 0)).isEmpty();
    }

    @Test
    void goesOnAfterAnAppendForWhichThereWasNoSpace() throws IOException {
        journal.rewrite(image());
        disk.faults((operation, path) -> {
            if (operation == InMemoryDisk.Operation.WRITE) {
                throw new DiskFullException(path, new IOException("no space"));
            }
        });
        assertThatThrownBy(() -> journal.append(List.of(ONE))).isInstanceOf(DiskFullException.class);
        assertThatThrownBy(() -> journal.rewrite(image(ONE))).isInstanceOf(DiskFullException.class);
        disk.faults((operation, path) -> {});
        journal.append(List.of(TWO));
        assertThat(read().image()).isEqualTo(image(TWO));
    }

    @Test
    void asksToBeWrittenAnewWhenItIsLong() throws IOException {
        LedgerJournal large = new LedgerJournal(new InMemoryDisk(1L << 26), store, 0);
        large.rewrite(image());
        Change much = new Change(Family.ROWS, Bytes.name("a"), Bytes.of(new byte[1 << 20]));
        for (int i = 0; i < 16; i++) {
            assertThat(large.isLong()).isFalse();
            large.append(List.of(much));
        }
        large.append(List.of(much));
        assertThat(large.isLong()).isTrue();
        large.rewrite(image(much));
        assertThat(large.isLong()).isFalse();
    }

    private Content read() throws IOException {
        return LedgerJournal.read(disk, store, journal.sequence()).orElseThrow();
    }

    private byte[] content() throws IOException {
        return contentOf(disk);
    }

    private static byte[] contentOf(Disk of) throws IOException {
        try (DiskFile file = of.open(LedgerJournal.FILE).orElseThrow()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    private static LedgerImage image(Change... changes) {
        LedgerImage image = new LedgerImage();
        for (Change change : changes) {
            image.apply(change);
        }
        return image;
    }
}
