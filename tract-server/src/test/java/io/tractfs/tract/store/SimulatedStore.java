package io.tractfs.tract.store;

import io.tractfs.id.ClusterId;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.time.Clock;
import io.tractfs.tract.disk.InMemoryDisk;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.store.Store.Machine;
import io.tractfs.tract.store.memory.InMemoryKeyValues;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The real store on a disk in memory, whose process and machine can be ended. */
final class SimulatedStore {
    static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));

    final InMemoryDisk disk;
    final InMemoryKeyValues values = new InMemoryKeyValues();
    final ManualClock clock = new ManualClock();
    private final int openFiles;
    private long reserve;
    private UUID boot = new UUID(0, 1);
    private Store store;

    SimulatedStore(long capacity, int openFiles) throws IOException {
        this.disk = new InMemoryDisk(capacity);
        this.openFiles = openFiles;
        StoreFormatter.format(disk, CLUSTER, new StoreId(new UUID(3, 4)));
        store = open();
        store.adoptLayout(Tracts.ROWS);
    }

    /** Time that the test moves. */
    static final class ManualClock implements Clock {
        private long nanos = 1;

        void advance(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMs() {
            return 1_700_000_000_000L + TimeUnit.NANOSECONDS.toMillis(nanos);
        }
    }

    Store store() {
        return store;
    }

    TractStorage storage() {
        return store.storage();
    }

    Store open() throws IOException {
        StoreConfig config =
                new StoreConfig(List.of(), reserve, 0, Duration.ofMinutes(10), openFiles, Duration.ofSeconds(30));
        store = Store.open(disk, values, CLUSTER, config, new Machine(boot, clock));
        return store;
    }

    void openWithReserve(long bytes) throws IOException {
        reserve = bytes;
        kill();
    }

    void kill() throws IOException {
        disk.kill();
        open();
    }

    void losePower(Random random) throws IOException {
        disk.losePower(random);
        values.losePower(random);
        boot = new UUID(0, boot.getLeastSignificantBits() + 1);
        open();
    }

    void closeAndLosePower(Random random) throws IOException {
        store.close();
        losePower(random);
    }

    void flipBit(TractId tract, int offset) throws IOException {
        disk.flipBit(TractLayout.file(tract), TractLayout.data(Tracts.SIZE) + offset);
    }
}
