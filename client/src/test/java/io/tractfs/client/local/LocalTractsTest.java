package io.tractfs.client.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.client.ManualTime;
import io.tractfs.client.local.LocalTract.Place;
import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTractsTest {
    private static final int CHECKSUMS = 1000;
    private static final int DATA = 8192;
    private static final int LENGTH = 300_100;
    private static final TractId TRACT = tract(1);

    private final ManualTime time = new ManualTime();
    private final KnownPlaces stores = new KnownPlaces();
    private final LocalTracts tracts = with(new LocalConfig(true, 2, 1000, 1));

    @TempDir
    private Path directory;

    private LocalTracts with(LocalConfig config) {
        return new LocalTracts(stores, config, UnpooledByteBufAllocator.DEFAULT, time, time);
    }

    @AfterEach
    void close() {
        tracts.close();
        assertThat(tracts.size()).isZero();
    }

    /** Stores that answer at once, from a table. */
    private static final class KnownPlaces implements LocalStores {
        private final Map<TractId, CompletableFuture<Optional<Place>>> places = new HashMap<>();
        private final List<TractId> asked = new ArrayList<>();
        private final List<Integer> damage = new ArrayList<>();

        @Override
        public CompletableFuture<Optional<Place>> locate(TractId tract, int replication) {
            asked.add(tract);
            return places.getOrDefault(tract, CompletableFuture.completedFuture(Optional.empty()));
        }

        @Override
        public void reportDamage(TractId tract, int replication, int offset) {
            damage.add(offset);
        }
    }

    private static TractId tract(int blob) {
        return new TractId(new BlobId(blob), 3);
    }

    private static byte[] bytes(TractId tract, int length) {
        byte[] bytes = new byte[length];
        new Random(tract.blob().value()).nextBytes(bytes);
        return bytes;
    }

    /** Makes the file of a tract as a store does and lets the store tell where it is. */
    private Path put(TractId tract, int length) throws IOException {
        byte[] data = bytes(tract, length);
        ByteBuffer checksums = ByteBuffer.allocate(ChunkChecksums.chunkCount(length) * Integer.BYTES);
        ChunkChecksums.compute(tract, 0, ByteBuffer.wrap(data), checksums);
        int whole = length / ChunkChecksums.CHUNK_SIZE * Integer.BYTES;
        int tail = whole < checksums.position() ? checksums.getInt(whole) : 0;
        Path file = directory.resolve(tract.toString());
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.write(checksums.flip().limit(whole), CHECKSUMS);
            channel.write(ByteBuffer.wrap(data), DATA);
        }
        stores.places.put(
                tract, CompletableFuture.completedFuture(Optional.of(new Place(file, DATA, CHECKSUMS, length, tail))));
        return file;
    }

    private void assertReads(TractId tract, int offset, int length) {
        assertThat(readOf(tract, offset, length))
                .hasValue(Arrays.toString(Arrays.copyOfRange(bytes(tract, LENGTH), offset, offset + length)));
    }

    /** What was read, behind a byte that has to stay; empty if the store is to be asked instead. */
    private Optional<String> readOf(TractId tract, int offset, int length) {
        ByteBuffer target = ByteBuffer.allocate(length + 2).position(1);
        boolean read = tracts.read(tract, 3, offset, length, target);
        assertThat(target.position()).isEqualTo(read ? 1 + length : 1);
        assertThat(target.get(0)).isZero();
        assertThat(target.get(length + 1)).isZero();
        return read
                ? Optional.of(Arrays.toString(Arrays.copyOfRange(target.array(), 1, 1 + length)))
                : Optional.empty();
    }

    private static void overwrite(Path file, int position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), position);
        }
    }

    @Test
    void readsAnyRangeOfATract() throws IOException {
        put(TRACT, LENGTH);
        assertReads(TRACT, 0, LENGTH);
        assertReads(TRACT, 0, 1);
        assertReads(TRACT, 511, 2);
        assertReads(TRACT, 1000, 131_072);
        assertReads(TRACT, LENGTH - 1, 1);
        assertReads(TRACT, LENGTH - 700, 700);
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            int offset = random.nextInt(LENGTH);
            assertReads(TRACT, offset, 1 + random.nextInt(Math.min(200_000, LENGTH - offset)));
        }
        assertThat(stores.asked).containsExactly(TRACT);
    }

    @Test
    void readsIntoDirectMemory() throws IOException {
        put(TRACT, LENGTH);
        ByteBuffer target = ByteBuffer.allocateDirect(5000);
        assertThat(tracts.read(TRACT, 3, 77, 5000, target)).isTrue();
        byte[] read = new byte[5000];
        target.flip().get(read);
        assertThat(read).isEqualTo(Arrays.copyOfRange(bytes(TRACT, LENGTH), 77, 5077));
    }

    @Test
    void asksOnceForATractThatIsNotHere() {
        assertThat(readOf(TRACT, 0, 10)).isEmpty();
        assertThat(readOf(TRACT, 0, 10)).isEmpty();
        assertThat(stores.asked).hasSize(1);
        time.advance(2000);
        assertThat(readOf(TRACT, 0, 10)).isEmpty();
        assertThat(stores.asked).hasSize(2);
    }

    // I7: a byte that does not verify is never given; the store is told and the network asked.
    @Test
    void givesNoDamagedByteAndReportsIt() throws IOException {
        Path file = put(TRACT, LENGTH);
        overwrite(file, DATA + 70_000);
        assertReads(TRACT, 0, 69_000);
        assertThat(readOf(TRACT, 0, LENGTH)).isEmpty();
        assertThat(stores.damage).containsExactly(70_000 / 512 * 512);
        assertThat(readOf(TRACT, 0, 100)).isEmpty();
    }

    @Test
    void noticesAWrongChecksum() throws IOException {
        overwrite(put(TRACT, LENGTH), CHECKSUMS + 4);
        assertThat(readOf(TRACT, 600, 10)).isEmpty();
        assertThat(stores.damage).containsExactly(512);
    }

    @Test
    void noticesTheFileOfAnotherTract() throws IOException {
        Path other = put(tract(2), LENGTH);
        put(TRACT, LENGTH);
        Files.copy(other, directory.resolve(TRACT.toString()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(readOf(TRACT, 0, 1000)).isEmpty();
    }

    @Test
    void readsOnFromAFileThatWasRemoved() throws IOException {
        Path file = put(TRACT, LENGTH);
        assertReads(TRACT, 0, 10);
        Files.delete(file);
        assertReads(TRACT, 5000, 5000);
    }

    @Test
    void noticesAFileThatWasCut() throws IOException {
        Path file = put(TRACT, LENGTH);
        assertReads(TRACT, 0, 10);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(DATA + 1024);
        }
        assertThat(readOf(TRACT, 2000, 10)).isEmpty();
        assertThat(stores.damage).isEmpty();
        assertReads(TRACT, 0, 1024);
    }

    @Test
    void asksAgainWhenTheTractHasGrown() throws IOException {
        put(TRACT, 1000);
        assertThat(readOf(TRACT, 0, 1001)).isEmpty();
        put(TRACT, LENGTH);
        assertReads(TRACT, 0, 1001);
        assertThat(stores.asked).hasSize(2);
    }

    @Test
    void pausesWhereFilesCannotBeOpened() throws IOException {
        Files.delete(put(TRACT, LENGTH));
        put(tract(2), LENGTH);
        assertThat(readOf(TRACT, 0, 10)).isEmpty();
        assertThat(readOf(tract(2), 0, 10)).isEmpty();
        assertThat(stores.asked).containsExactly(TRACT);
        time.advance(30_000);
        assertReads(tract(2), 0, 10);
    }

    @Test
    void doesNotWaitForAStoreThatDoesNotAnswer() throws IOException {
        put(tract(2), LENGTH);
        stores.places.put(TRACT, new CompletableFuture<>());
        assertThat(readOf(TRACT, 0, 10)).isEmpty();
        assertThat(readOf(tract(2), 0, 10)).isEmpty();
        assertThat(stores.asked).containsExactly(TRACT);
    }

    @Test
    void keepsAtMostTheConfiguredNumberOfFilesOpen() throws IOException {
        for (int round = 0; round < 2; round++) {
            for (int blob = 1; blob <= 10; blob++) {
                put(tract(blob), LENGTH);
                assertReads(tract(blob), 0, 10);
                assertThat(tracts.size()).isLessThanOrEqualTo(3);
            }
        }
    }

    @Test
    void closesFilesThatAreNotRead() throws IOException {
        put(TRACT, LENGTH);
        assertReads(TRACT, 0, 10);
        time.advance(600);
        assertReads(TRACT, 0, 10);
        time.advance(600);
        assertThat(tracts.size()).isEqualTo(1);
        time.advance(2000);
        assertThat(tracts.size()).isZero();
    }

    @Test
    void readsThroughAStoreAfterAnInterruption() throws IOException {
        put(TRACT, LENGTH);
        assertReads(TRACT, 0, 10);
        Thread.currentThread().interrupt();
        assertThat(readOf(TRACT, 0, 10)).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
        assertReads(TRACT, 0, 10);
    }

    @Test
    void asksNobodyWhenSwitchedOff() throws IOException {
        put(TRACT, LENGTH);
        LocalTracts off = with(new LocalConfig(false, 2, 1000, 1));
        assertThat(off.read(TRACT, 3, 0, 10, ByteBuffer.allocate(10))).isFalse();
        assertThat(stores.asked).isEmpty();
    }
}
