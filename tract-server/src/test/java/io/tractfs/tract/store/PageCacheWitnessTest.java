package io.tractfs.tract.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tractfs.id.StoreId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheWitnessTest {
    private static final UUID BOOT = new UUID(1, 2);
    private static final StoreId STORE = new StoreId(new UUID(3, 4));

    @TempDir
    private Path disk;

    private Path memory;

    @BeforeEach
    void makeDirectoryInMemory() throws IOException {
        assumeTrue(Files.isWritable(PageCacheWitness.MEMORY), "no memory file system");
        memory = Files.createTempDirectory(PageCacheWitness.MEMORY, "witness-test");
    }

    @AfterEach
    void removeDirectoryInMemory() throws IOException {
        try (Stream<Path> all = Files.walk(memory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    @Test
    void aKilledProcessLeavesThePagesAlive() throws IOException {
        PageCacheWitness witness = open(BOOT);
        witness.renew();
        witness.renew();
        assertThat(open(BOOT).life()).isEqualTo(BOOT);
    }

    @Test
    void aKillBetweenTheTwoFilesLosesNothing() throws IOException {
        open(BOOT).renew();
        byte[] before = Files.readAllBytes(inMemory());
        PageCacheWitness witness = open(BOOT);
        witness.renew();
        Files.write(inMemory(), before);
        assertThat(open(BOOT).life()).isEqualTo(BOOT);
    }

    @Test
    void aCopyOfTheDiskFromAMomentAgoHasLostItsPages() throws IOException {
        PageCacheWitness witness = open(BOOT);
        witness.renew();
        byte[] before = Files.readAllBytes(disk.resolve("pulse"));
        witness.renew();
        Files.write(disk.resolve("pulse"), before);
        UUID life = open(BOOT).life();
        assertThat(life).isNotEqualTo(BOOT);
    }

    @Test
    void aDiskWithoutTheFileHasLostItsPages() throws IOException {
        open(BOOT).renew();
        Files.delete(disk.resolve("pulse"));
        assertThat(open(BOOT).life()).isNotEqualTo(BOOT);
    }

    @Test
    void theNextProcessLivesInTheLifeThatBeganWithTheLoss() throws IOException {
        open(BOOT).renew();
        Files.delete(disk.resolve("pulse"));
        PageCacheWitness afterLoss = open(BOOT);
        afterLoss.renew();
        assertThat(open(BOOT).life()).isEqualTo(afterLoss.life());
    }

    @Test
    void aLossIsFoundAgainUntilTheNewLifeIsWrittenDown() throws IOException {
        open(BOOT).renew();
        Files.delete(disk.resolve("pulse"));
        UUID first = open(BOOT).life();
        assertThat(open(BOOT).life()).isNotEqualTo(first).isNotEqualTo(BOOT);
    }

    @Test
    void anotherBootIsAnotherLife() throws IOException {
        open(BOOT).renew();
        UUID later = new UUID(5, 6);
        assertThat(open(later).life()).isEqualTo(later);
    }

    @Test
    void withoutAMemoryFileSystemOnlyTheBootCounts() throws IOException {
        PageCacheWitness witness = PageCacheWitness.open(disk, STORE, BOOT, disk.resolve("absent"));
        witness.renew();
        assertThat(witness.life()).isEqualTo(BOOT);
        assertThat(disk.resolve("pulse")).doesNotExist();
    }

    private PageCacheWitness open(UUID boot) throws IOException {
        return PageCacheWitness.open(disk, STORE, boot, memory);
    }

    private Path inMemory() {
        return memory.resolve("tractfs-pulse-" + STORE.value());
    }
}
