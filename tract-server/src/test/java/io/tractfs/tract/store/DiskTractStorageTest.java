package io.tractfs.tract.store;

import io.tractfs.id.TractId;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

class DiskTractStorageTest extends TractStorageContract {
    private SimulatedStore simulated;

    @BeforeEach
    void format() throws IOException {
        simulated = new SimulatedStore(1 << 30, 16);
    }

    @Override
    TractStorage storage() {
        return simulated.storage();
    }

    @Override
    void flipBit(TractId damaged, int offset) throws IOException {
        simulated.flipBit(damaged, offset);
    }
}
