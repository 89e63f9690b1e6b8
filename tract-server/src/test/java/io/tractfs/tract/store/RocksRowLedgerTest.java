package io.tractfs.tract.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.StoreId;
import io.tractfs.tract.disk.DirectoryDisk;
import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksRowLedgerTest extends RowLedgerContract {
    @TempDir
    private Path directory;

    private final StoreId store = new StoreId(new UUID(3, 4));
    private HealingKeyValues values;

    @BeforeEach
    void format() throws IOException {
        HealingKeyValues.format(directory.resolve("meta"), new DirectoryDisk(directory), store);
        open();
    }

    private void open() throws IOException {
        values = HealingKeyValues.open(directory.resolve("meta"), new DirectoryDisk(directory), store);
    }

    @AfterEach
    void close() {
        values.close();
    }

    @Override
    RowLedger ledger() {
        return new RocksRowLedger(values, new StoreHealth("test"));
    }

    @Override
    RowLedger reopened() throws IOException {
        values.close();
        open();
        return ledger();
    }

    @Test
    void keepsFamiliesApartAndScansInOrder() throws IOException {
        Bytes one = Bytes.name("1");
        Bytes two = Bytes.name("2");
        values.write(List.of(new Change(Family.TRACTS, two, Bytes.EMPTY), new Change(Family.TRACTS, one, one)), true);
        values.write(List.of(new Change(Family.EXTRAS, one, two)), false);
        values.write(List.of(), true);
        assertThat(values.scan(Family.TRACTS, Bytes.EMPTY, 9))
                .extracting(KeyValues.Entry::key)
                .containsExactly(one, two);
        assertThat(values.scan(Family.TRACTS, one.next(), 9)).hasSize(1);
        assertThat(values.scan(Family.TRACTS, Bytes.EMPTY, 1)).hasSize(1);
        assertThat(values.get(Family.EXTRAS, one)).contains(two);
        values.write(List.of(new Change(Family.EXTRAS, one, null)), false);
        assertThat(values.get(Family.EXTRAS, one)).isEmpty();
    }
}
