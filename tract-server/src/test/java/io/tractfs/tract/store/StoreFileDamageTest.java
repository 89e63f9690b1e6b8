package io.tractfs.tract.store;

import static io.tractfs.tract.store.Tracts.row;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.config.Settings;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Row;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file that a store keeps is damaged in many ways, one at a time: the store opens with what it had, or it is refused
 * with the reason; and no byte that is read is wrong. More seeds: {@code -Dtractfs.damage.seeds=1000}.
 */
class StoreFileDamageTest {
    private static final int SEEDS = Integer.getInteger("tractfs.damage.seeds", 60);
    private static final int ROWS_HELD = 300;
    private static final int LENGTH = 30_000;

    private final ClusterId cluster = new ClusterId(new UUID(1, 1));
    private final LeaderPoint point = new LeaderPoint(new Epoch(9), new Lineage(new UUID(5, 6)), 77);

    @TempDir
    private Path temporary;

    private Path good;
    private Path directory;

    /** One way to damage a file. */
    private interface Damage {
        void inflict(Path file, byte[] bytes, Random random) throws IOException;
    }

    @BeforeEach
    void fill() throws IOException {
        good = temporary.resolve("good");
        directory = temporary.resolve("damaged");
        StoreFormatter.format(good, cluster);
        try (Store store = open(good)) {
            store.adoptLayout(Tracts.ROWS);
            store.ledger().persist(point);
            for (int row = 0; row < ROWS_HELD; row++) {
                store.ledger().persist(List.of(held(row, 1)));
            }
            write(tract(1, 0), 0, LENGTH).synced().to(store.storage());
            write(tract(2, 0), 0, 700).to(store.storage());
            write(tract(3, 0), 0, 700).to(store.storage());
            store.storage().remove(tract(3, 0).blob());
        }
        // A second start leaves tables and a log: each start turns the log of the last one into tables.
        try (Store store = open(good)) {
            write(tract(2, 0), 700, LENGTH).to(store.storage());
            for (int row = 0; row < ROWS_HELD; row += 2) {
                store.ledger().persist(List.of(held(row, 2)));
            }
        }
    }

    @Test
    void oneFlippedBitIsFoundOrDoesNoHarm() throws IOException {
        damageEveryFile((file, bytes, random) -> {
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
        });
    }

    @Test
    void aFileCutShortIsFoundOrDoesNoHarm() throws IOException {
        damageEveryFile((file, bytes, random) ->
                Files.write(file, Arrays.copyOf(bytes, bytes.length == 0 ? 0 : random.nextInt(bytes.length))));
    }

    @Test
    void aStretchOfZeroesIsFoundOrDoesNoHarm() throws IOException {
        damageEveryFile((file, bytes, random) -> {
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            Arrays.fill(bytes, from, Math.min(bytes.length, from + 512), (byte) 0);
            Files.write(file, bytes);
        });
    }

    @Test
    void aFileThatIsGoneIsFoundOrDoesNoHarm() throws IOException {
        damageEveryFile((file, bytes, random) -> Files.delete(file));
    }

    @Test
    void filesThatChangedPlacesAreFoundOrDoNoHarm() throws IOException {
        damageEveryFile((file, bytes, random) -> {
            List<Path> others;
            try (Stream<Path> files = Files.list(file.getParent())) {
                others = files.filter(Files::isRegularFile).sorted().toList();
            }
            Path other = others.get(random.nextInt(others.size()));
            Path aside = file.resolveSibling("aside");
            Files.move(file, aside);
            if (!other.equals(file)) {
                Files.move(other, file);
            }
            Files.move(aside, other);
        });
    }

    @Test
    void everyFileOfTheDatabaseIsMadeAnewAlsoIfAllOfThemAreDamaged() throws IOException {
        for (int seed = 0; seed < SEEDS / 6; seed++) {
            delete(directory);
            copy(good, directory);
            Random random = new Random(seed);
            for (Path file : walk(directory.resolve("meta"))) {
                if (Files.isRegularFile(file) && Files.size(file) > 0) {
                    byte[] bytes = Files.readAllBytes(file);
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, bytes);
                }
            }
            assertThat(check()).as("seed " + seed).isTrue();
        }
    }

    @Test
    void oneFlippedBitInEachOfTheOtherFilesIsNoHarm() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            delete(directory);
            copy(good, directory);
            Random random = new Random(seed);
            for (String name : List.of("superblock.0", "superblock.1", "meta.mark")) {
                Path file = directory.resolve(name);
                byte[] bytes = Files.readAllBytes(file);
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
            assertThat(check()).as("seed " + seed).isTrue();
        }
    }

    @Test
    void theDatabaseOfAnotherStoreIsMadeAnew() throws IOException {
        Path other = temporary.resolve("other");
        StoreFormatter.format(other, cluster);
        copy(good, directory);
        delete(directory.resolve("meta"));
        Files.move(other.resolve("meta"), directory.resolve("meta"));
        assertThat(check()).isTrue();
    }

    @Test
    void aDatabaseThatIsGoneIsMadeAnew() throws IOException {
        copy(good, directory);
        delete(directory.resolve("meta"));
        assertThat(check()).isTrue();
        delete(directory.resolve("meta"));
        Files.createDirectories(directory.resolve("meta"));
        assertThat(check()).isTrue();
    }

    @Test
    void anOlderCopyOfTheDatabaseIsReplacedByTheNewerOneBesideIt() throws IOException {
        copy(good, directory);
        try (Store store = open(good)) {
            store.ledger().persist(List.of(held(1, 3)));
        }
        delete(good.resolve("meta"));
        copy(directory.resolve("meta"), good.resolve("meta"));
        try (Store store = open(good)) {
            assertThat(store.ledger().load()).containsEntry(1, held(1, 3));
        }
    }

    @Test
    void aDatabaseThatIsDamagedTogetherWithItsCopyIsRefused() throws IOException {
        delete(good.resolve("meta").resolve("CURRENT"));
        byte[] bytes = Files.readAllBytes(good.resolve("ledger.copy"));
        for (int seed = 0; seed < SEEDS; seed++) {
            byte[] damaged = bytes.clone();
            damaged[new Random(seed).nextInt(bytes.length)] ^= 1;
            Files.write(good.resolve("ledger.copy"), damaged);
            assertThat(refusal(good))
                    .as("seed " + seed)
                    .hasValueSatisfying(text -> assertThat(text).contains("CURRENT", "ledger.copy"));
        }
        Files.delete(good.resolve("ledger.copy"));
        assertThat(refusal(good)).hasValueSatisfying(text -> assertThat(text).contains("CURRENT", "ledger.copy"));
    }

    @Test
    void aCopyThatLacksWhatWasSyncedLastIsNotUsed() throws IOException {
        copy(good, directory);
        try (Store store = open(good)) {
            store.ledger().persist(List.of(held(1, 3)));
        }
        Files.delete(good.resolve("meta").resolve("CURRENT"));
        Files.copy(
                directory.resolve("ledger.copy"),
                good.resolve("ledger.copy"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(refusal(good)).hasValueSatisfying(text -> assertThat(text).contains("CURRENT", "ledger.copy"));
    }

    @Test
    void aDatabaseThatRotsUnderTheStoreIsMadeAnewWhileItServes() throws IOException {
        copy(good, directory);
        for (String kind : List.of(".sst", "CURRENT", "MANIFEST")) {
            try (Store store = open(directory)) {
                for (Path file : walk(directory.resolve("meta"))) {
                    if (file.getFileName().toString().contains(kind)) {
                        byte[] bytes = Files.readAllBytes(file);
                        bytes[bytes.length / 3] ^= 1;
                        Files.write(file, bytes);
                    }
                }
                store.storage().verifyMetadata();
                store.storage().verifyMetadata();
                assertThat(store.storage().failure()).isEmpty();
                store.ledger().persist(List.of(held(0, 2)));
                store.storage().maintain();
                checkTract(store.storage(), tract(1, 0));
                assertThat(store.storage().blobs(null, 10))
                        .containsExactly(tract(1, 0).blob(), tract(2, 0).blob());
            }
            assertThat(check()).as(kind).isTrue();
        }
    }

    @Test
    void aCopyThatRotsUnderTheStoreIsWrittenAnew() throws IOException {
        copy(good, directory);
        Path file = directory.resolve("ledger.copy");
        try (Store store = open(directory)) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 3] ^= 1;
            Files.write(file, bytes);
            store.storage().verifyMetadata();
            store.ledger().persist(List.of(held(0, 2)));
        }
        delete(directory.resolve("meta"));
        assertThat(check()).isTrue();
    }

    private void damageEveryFile(Damage damage) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(good)) {
            files = walk.filter(Files::isRegularFile)
                    .map(good::relativize)
                    .sorted()
                    .toList();
        }
        assertThat(files.toString())
                .contains("superblock.0", "meta.mark", "ledger.copy", "CURRENT", "MANIFEST", ".log", ".sst");
        Map<String, Integer> outcomes = new HashMap<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            delete(directory);
            copy(good, directory);
            Path file = directory.resolve(files.get(seed % files.size()));
            damage.inflict(file, Files.readAllBytes(file), new Random(seed));
            try {
                outcomes.merge(check() ? "opened" : "refused", 1, Integer::sum);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", file " + files.get(seed % files.size()), e);
            }
        }
        assertThat(outcomes).as("stores opened though damaged").containsOnlyKeys("opened");
    }

    /** Whether it opened; then everything it says is as it was, or is said to be damaged. */
    private boolean check() throws IOException {
        try (Store store = open(directory)) {
            Map<Integer, HeldRow> rows = store.ledger().load();
            assertThat(rows).hasSize(ROWS_HELD);
            for (int row = 0; row < ROWS_HELD; row++) {
                assertThat(rows).containsEntry(row, held(row, row % 2 == 0 ? 2 : 1));
            }
            assertThat(store.ledger().leaderPoint()).isEqualTo(point);
            assertThat(store.incarnation().value()).isGreaterThan(2);
            // As the scrub does first.
            assertThat(store.storage().lookForLost(null, 100)).isPresent();
            checkTract(store.storage(), tract(1, 0));
            checkTract(store.storage(), tract(2, 0));
            return true;
        } catch (TractException e) {
            assertThat(e.code()).isIn(ErrorCode.DAMAGED, ErrorCode.STORE_FAILED);
            assertThat(e.getMessage()).contains(directory.toString());
            return false;
        }
    }

    /** Every byte is read and right, or counts as damaged, so that it is healed. */
    private static void checkTract(TractStorage storage, TractId tract) throws IOException {
        assertThat(storage.list(row(tract), null, 10)).as("list with %s", tract).hasSize(1);
        TractState state = storage.state(tract).orElseThrow();
        if (state.damaged().isEmpty()) {
            state = storage.verify(tract);
        }
        if (state.damaged().isEmpty()) {
            assertThat(state.length()).isEqualTo(LENGTH);
            Tracts.assertReads(storage, tract, 0, LENGTH);
        } else {
            storage.reconcile(Tracts.reconciled(tract, 0, LENGTH));
            assertThat(storage.verify(tract).damaged()).isEmpty();
            Tracts.assertReads(storage, tract, 0, LENGTH);
        }
    }

    private java.util.Optional<String> refusal(Path store) throws IOException {
        try {
            open(store).close();
            return java.util.Optional.empty();
        } catch (TractException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED);
            return java.util.Optional.ofNullable(e.getMessage());
        }
    }

    private Store open(Path store) throws IOException {
        Map<String, String> settings = Map.of("tract.store.dirs", store.toString(), "tract.store.reserve", "0");
        return Store.open(store, cluster, StoreConfig.read(new Settings(settings).reader()));
    }

    private static HeldRow held(int row, int counter) {
        RowVersion version = RowVersion.of(new Epoch(1), counter);
        return new HeldRow(new Row(row, version, Columns.of(null, null, null), List.of()), ClassSet.EMPTY, true);
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path path : walk(from)) {
            Path target = to.resolve(from.relativize(path));
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                Files.copy(path, target);
            }
        }
    }

    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            List<Path> paths = walk(root);
            for (int i = paths.size() - 1; i >= 0; i--) {
                Files.delete(paths.get(i));
            }
        }
    }

    private static List<Path> walk(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            return new ArrayList<>(walk.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
