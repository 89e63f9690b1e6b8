package io.tractfs.tract.store;

import io.tractfs.id.TractId;
import io.tractfs.tract.store.memory.InMemoryTractStorage;

class InMemoryTractStorageTest extends TractStorageContract {
    private final InMemoryTractStorage storage = new InMemoryTractStorage(Tracts.ROWS, 1 << 30);

    @Override
    TractStorage storage() {
        return storage;
    }

    @Override
    void flipBit(TractId damaged, int offset) {
        storage.flipBit(damaged, offset);
    }
}
