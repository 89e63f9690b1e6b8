package io.tractfs.metadata.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.metadata.namespace.AbstractKeyValueStoreTest;
import io.tractfs.metadata.namespace.KeySpace;
import io.tractfs.metadata.namespace.KeyValueBatch;
import io.tractfs.metadata.namespace.KeyValueStore;
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
    void refusesADirectoryThatIsInUse() {
        assertThatThrownBy(() -> RocksKeyValueStore.open(directory.resolve("db"), RocksLimits.SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be opened");
    }
}
