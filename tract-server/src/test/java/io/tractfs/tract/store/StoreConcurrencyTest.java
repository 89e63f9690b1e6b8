package io.tractfs.tract.store;

import static io.tractfs.tract.store.Tracts.assertReads;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.ClusterId;
import io.tractfs.id.TractId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on few tracts and fewer open files. */
class StoreConcurrencyTest {
    private static final int THREADS = 6;
    private static final int TRACTS = 40;
    private static final int LENGTH = 20_000;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void writersReadersSyncsAndSweepsDoNotDisturbOneAnother() throws Exception {
        ClusterId cluster = new ClusterId(new UUID(1, 1));
        StoreFormatter.format(directory, cluster);
        StoreConfig config = new StoreConfig(List.of(directory), 0, 0, Duration.ofMinutes(1), 5, Duration.ofMillis(1));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Store store = Store.open(directory, cluster, config)) {
            store.adoptLayout(Tracts.ROWS);
            List<Future<?>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int seed = thread;
                work.add(threads.submit(() -> {
                    work(store.storage(), seed);
                    return null;
                }));
            }
            for (Future<?> done : work) {
                done.get();
            }
            assertThat(store.storage().failure()).isEmpty();
            checkAll(store);
        } finally {
            threads.shutdownNow();
        }
        try (Store store = Store.open(directory, cluster, config)) {
            checkAll(store);
        }
    }

    /** Each tract has one writer at a time as far as bytes go: all write the same ones, from the length on. */
    private static void work(TractStorage storage, int seed) throws IOException {
        Random random = new Random(seed);
        for (int step = 0; step < 300; step++) {
            TractId tract = tract(random.nextInt(TRACTS), 0);
            int length = storage.state(tract).map(TractState::length).orElse(0);
            int to = Math.min(LENGTH, length + random.nextInt(2000));
            Tracts.Builder write = write(tract, length, Math.max(length, to));
            (random.nextInt(8) == 0 ? write.synced() : write).to(storage);
            assertReads(storage, tract, 0, length);
            if (random.nextInt(50) == 0) {
                storage.maintain();
            }
        }
    }

    private static void checkAll(Store store) throws IOException {
        for (int blob = 0; blob < TRACTS; blob++) {
            TractId tract = tract(blob, 0);
            TractState state = store.storage().verify(tract);
            assertThat(state.damaged()).isEmpty();
            assertReads(store.storage(), tract, 0, state.length());
        }
    }
}
