package io.tractfs.metadata.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.metadata.namespace.AbstractKeyValueStoreTest;
import io.tractfs.metadata.namespace.KeySpace;
import io.tractfs.metadata.namespace.KeyValueBatch;
import io.tractfs.metadata.namespace.KeyValueSnapshot;
import io.tractfs.metadata.namespace.KeyValueStore;
import io.tractfs.metadata.namespace.NotInMemoryException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksKeyValueStoreTest extends AbstractKeyValueStoreTest {
    @TempDir
    Path directory;

    @Override
    protected KeyValueStore create() throws IOException {
        return RocksKeyValueStore.open(directory.resolve("db"), RocksLimits.SMALL);
    }

    @Test
    void keepsBatchesOverAReopenWithoutAFlush() throws IOException {
        Path other = directory.resolve("other");
        try (KeyValueStore store = RocksKeyValueStore.open(other, RocksLimits.SMALL)) {
            KeyValueBatch batch = new KeyValueBatch();
            batch.put(KeySpace.EPOCHS, new byte[] {1}, new byte[] {2});
            batch.put(KeySpace.FLOORS, new byte[] {3}, new byte[] {4});
            store.write(batch);
        }
        try (KeyValueStore store = RocksKeyValueStore.open(other, RocksLimits.SMALL)) {
            assertThat(store.get(KeySpace.EPOCHS, new byte[] {1})).containsExactly(2);
            assertThat(store.get(KeySpace.FLOORS, new byte[] {3})).containsExactly(4);
        }
    }

    @Test
    void saysOfWhatOnlyAFileHasThatItIsNotInMemory() throws IOException {
        Path other = directory.resolve("other");
        byte[] key = {1};
        try (KeyValueStore store = RocksKeyValueStore.open(other, RocksLimits.SMALL)) {
            KeyValueBatch batch = new KeyValueBatch();
            batch.put(KeySpace.INODES, key, new byte[] {2});
            store.write(batch);
            store.flush();
        }
        try (KeyValueStore store = RocksKeyValueStore.open(other, RocksLimits.SMALL);
                KeyValueSnapshot memory = store.memorySnapshot();
                KeyValueSnapshot disk = store.snapshot()) {
            assertThatThrownBy(() -> memory.get(KeySpace.INODES, key)).isInstanceOf(NotInMemoryException.class);
            assertThatThrownBy(() -> memory.scan(KeySpace.INODES, key, (found, value) -> true))
                    .isInstanceOf(NotInMemoryException.class);
            assertThat(disk.get(KeySpace.INODES, key)).containsExactly(2);
            assertThat(memory.get(KeySpace.INODES, key))
                    .as("in the block cache now")
                    .containsExactly(2);
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        assertThatThrownBy(() -> RocksKeyValueStore.open(directory.resolve("db"), RocksLimits.SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be opened");
    }
}
