package io.tractfs.tract.store;

import io.tractfs.time.Clock;
import io.tractfs.tract.disk.Disk;
import java.io.IOException;
import java.util.List;

/**
 * What the storage of one store is put together from.
 *
 * @param flushAfterMs how long a tract stays dirty before upkeep syncs it
 */
record StorageParts(
        Disk disk,
        StoreHealth health,
        TractCache cache,
        TractLoader loader,
        TractCatalog catalog,
        TractFinder finder,
        SpaceBudget space,
        Trash trash,
        RowCount rows,
        WriteSequence writeSequence,
        CatalogEra catalogEra,
        KeyValues values,
        Clock clock,
        long flushAfterMs) {
    /** Puts the parts of a store together and reads what they need; nothing is scanned. */
    static StorageParts open(
            Disk disk, KeyValues values, StoreHealth health, StoreConfig config, RowCount rows, Started started)
            throws IOException {
        Clock clock = started.clock();
        SavedCounts counts = SavedCounts.load(values);
        TractCatalog catalog = new TractCatalog(values);
        catalog.load(counts.tractCount());
        CatalogEra catalogEra = new CatalogEra(values, started.era());
        catalogEra.load();
        catalog.trust(catalogEra.isComplete());
        values.whenTractsAreForgotten(() -> {
            catalogEra.lost();
            catalog.trust(false);
        });
        TractLoader loader = new TractLoader(disk, catalog, started.era());
        SpaceBudget space =
                new SpaceBudget(disk, config.reserveOf(disk.space().total()), config.capacityBytes(), clock);
        space.count(counts.usedBytes());
        return new StorageParts(
                disk,
                health,
                new TractCache(loader, config.openFiles()),
                loader,
                catalog,
                new TractFinder(disk),
                space,
                new Trash(disk, clock, config.trashKeep()),
                rows,
                started.writeSequence(),
                catalogEra,
                values,
                clock,
                config.flushAfter().toMillis());
    }

    void saveCounts() throws IOException {
        new SavedCounts(space.used(), catalog.count()).save(values);
    }

    /** Puts everything that was written to the key-value log on disk; a clean mark promises that. */
    void syncValues() throws IOException {
        values.write(List.of(), true);
    }

    /**
     * What a start of the store settled.
     *
     * @param era power losses seen
     */
    record Started(int era, WriteSequence writeSequence, Clock clock) {}
}
