package io.tractfs.tract.store;

import static io.tractfs.tract.store.TractStorageContract.assertRefused;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.config.ConfigException;
import io.tractfs.config.Settings;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store in a real directory. */
class StoreTest {
    private final ClusterId cluster = new ClusterId(new UUID(1, 1));
    private final TractId tract = tract(7, 0);

    @TempDir
    private Path directory;

    private StoreConfig config() {
        Settings.Reader reader =
                new Settings(Map.of("tract.store.dirs", directory.toString(), "tract.store.reserve", "0")).reader();
        return StoreConfig.read(reader);
    }

    private Store open() throws IOException {
        return Store.open(directory, cluster, config());
    }

    @Test
    void opensAsItWasClosedWithAHigherIncarnationAndWriteSequence() throws IOException {
        StoreId id = StoreFormatter.format(directory, cluster);
        long sequence;
        Incarnation first;
        try (Store store = open()) {
            assertThat(store.id()).isEqualTo(id);
            first = store.incarnation();
            store.adoptLayout(Tracts.ROWS);
            write(tract, 0, 5000).to(store.storage());
            write(tract, 6000, 7000).withRanges().to(store.storage());
            sequence = store.storage().space().writeSequence();
        }
        try (Store store = open()) {
            assertThat(store.ref().incarnation()).isGreaterThan(first);
            assertThat(store.isUnclean()).isFalse();
            Tracts.assertReads(store.storage(), tract, 0, 5000);
            assertThat(store.storage().state(tract).orElseThrow().ranges()).hasSize(1);
            assertThat(store.storage().space().writeSequence()).isGreaterThan(sequence);
            assertThat(store.storage().space().used()).isEqualTo(6000);
            assertThat(store.storage().space().tractCount()).isEqualTo(1);
        }
    }

    @Test
    void saysNotMountedWhereThereIsNoSuperblock() {
        assertThatThrownBy(this::open).hasMessageContaining("not mounted?").hasMessageContaining(directory.toString());
        assertThatThrownBy(() -> Store.open(directory.resolve("absent"), cluster, config()))
                .hasMessageContaining("not mounted?");
    }

    @Test
    void isNotFormattedTwice() throws IOException {
        assertThat(StoreFormatter.isFormatted(directory)).isFalse();
        StoreFormatter.format(directory, cluster);
        assertThat(StoreFormatter.isFormatted(directory)).isTrue();
        assertRefused(ErrorCode.ALREADY_EXISTS, () -> StoreFormatter.format(directory, cluster));
    }

    @Test
    void refusesAnotherClusterAndAnotherNumberOfRows() throws IOException {
        StoreFormatter.format(directory, cluster);
        assertRefused(ErrorCode.WRONG_CLUSTER, () -> Store.open(directory, new ClusterId(new UUID(9, 9)), config()));
        try (Store store = open()) {
            assertRefused(ErrorCode.STARTING, () -> write(tract, 0, 1).to(store.storage()));
            store.adoptLayout(Tracts.ROWS);
            store.adoptLayout(Tracts.ROWS);
            assertRefused(ErrorCode.WRONG_CLUSTER, () -> store.adoptLayout(128));
        }
    }

    @Test
    void isOpenOnlyOnce() throws IOException {
        StoreFormatter.format(directory, cluster);
        try (Store store = open()) {
            assertThat(store.name()).isEqualTo(directory.toString());
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("locked");
        }
    }

    // P6: the machine's clock may be behind that of the one on which the store was started last.
    @Test
    void startsAboveTheIncarnationThatItWasRefusedForThoughTheClockIsBehind() throws IOException {
        StoreFormatter.format(directory, cluster);
        Incarnation registered = new Incarnation(Long.MAX_VALUE / 2);
        try (Store store = open()) {
            Incarnation start = store.incarnation();
            store.refused("another start is registered", registered);
            assertThat(store.incarnation()).isEqualTo(start);
        }
        try (Store store = open()) {
            assertThat(store.incarnation()).isEqualTo(registered.next());
        }
    }

    @Test
    void opensWithOneDamagedSuperblockAndRefusesTwo() throws IOException {
        StoreFormatter.format(directory, cluster);
        open().close();
        damage("superblock.0", 60);
        damage("superblock.1", 60);
        open().close();
        damage("superblock.0", 60);
        damage("superblock.0", 572);
        open().close();
        for (String file : List.of("superblock.0", "superblock.1")) {
            damage(file, 60);
            damage(file, 572);
        }
        assertRefused(ErrorCode.DAMAGED, this::open);
    }

    @Test
    void refusesEveryCallAfterItWasClosed() throws IOException {
        StoreFormatter.format(directory, cluster);
        Store store = open();
        store.close();
        assertRefused(ErrorCode.SHUTTING_DOWN, () -> store.storage().state(tract));
        assertRefused(ErrorCode.SHUTTING_DOWN, () -> store.ledger().load());
    }

    @Test
    void reportsEveryWrongSetting() {
        Settings.Reader reader = new Settings(Map.of(
                        "tract.store.reserve", "much", "tract.store.open.files", "1", "tract.store.nonsense", "1"))
                .reader();
        StoreConfig.read(reader);
        assertThatThrownBy(() -> reader.finish(List.of("tract.store.")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tract.store.dirs")
                .hasMessageContaining("tract.store.reserve")
                .hasMessageContaining("tract.store.open.files")
                .hasMessageContaining("tract.store.nonsense");
    }

    @Test
    void takesAtMostAFewPercentOfASmallDiskAsReserve() {
        StoreConfig config = StoreConfig.read(new Settings(Map.of("tract.store.dirs", "/a, /b")).reader());
        assertThat(config.directories()).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(config.reserveOf(1L << 40)).isEqualTo(1L << 30);
        assertThat(config.reserveOf(100L << 20)).isEqualTo(5L << 20);
    }

    private void damage(String file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        bytes[at] ^= 1;
        Files.write(directory.resolve(file), bytes);
    }
}
