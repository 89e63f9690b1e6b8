package io.tractfs.tract.store;

import io.tractfs.id.StoreId;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.DiskFullException;
import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.store.LedgerJournal.Content;
import io.tractfs.tract.store.RocksKeyValues.Made;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and values in RocksDB, with a journal beside it that has all of them but the catalog of tracts. Where the database is
 * damaged, at a start or under way, it is made anew from the journal, which has everything that was ever promised: each
 * change is in the journal before it is in the database, and synced there before a synced write returns. The catalog is then
 * made again from the names of the files. Where the journal is damaged it is written anew from the database. Only both
 * together are the end of the store. Thread-safe.
 */
final class HealingKeyValues implements KeyValues {
    private static final Logger LOG = LoggerFactory.getLogger(HealingKeyValues.class);

    private final Path directory;
    private final Disk disk;
    private final StoreId store;
    private final SyncMark mark;

    /** Its monitor is held while something is written that the journal keeps, and is taken before {@link #present}. */
    private final LedgerJournal journal;

    /** Held for reading while the database is used. */
    private final ReadWriteLock present = new ReentrantReadWriteLock();

    private volatile RocksKeyValues database;
    private volatile Runnable onForgotten = () -> {};

    private HealingKeyValues(Path directory, Disk disk, StoreId store, SyncMark mark, LedgerJournal journal)
            throws IOException {
        this.directory = directory;
        this.disk = disk;
        this.store = store;
        this.mark = mark;
        this.journal = journal;
        this.database = opened();
    }

    /** Work on the database. */
    @FunctionalInterface
    private interface Work<R> {
        R on(RocksKeyValues database) throws IOException;
    }

    /** Makes the database of a new store, and its mark on the store's disk. */
    static void format(Path directory, Disk disk, StoreId store) throws IOException {
        SyncMark.format(disk);
        try (SyncMark mark = SyncMark.open(disk)) {
            RocksKeyValues.make(directory, mark, store, new Made(List.of(), 1));
            mark.advance(1, ManifestPoint.NONE);
        }
    }

    /**
     * Opens the database of a store, or makes it anew from its copy.
     *
     * @param disk where its mark and its journal are
     * @throws FormatException if both are damaged
     */
    static HealingKeyValues open(Path directory, Disk disk, StoreId store) throws IOException {
        SyncMark mark = SyncMark.open(disk);
        boolean opened = false;
        try {
            HealingKeyValues values =
                    new HealingKeyValues(directory, disk, store, mark, new LedgerJournal(disk, store, mark.journal()));
            opened = true;
            return values;
        } finally {
            if (!opened) {
                mark.close();
            }
        }
    }

    /** Reads both copies and makes them alike; the database counts unless it is damaged. */
    private RocksKeyValues opened() throws IOException {
        Optional<Content> copy = Optional.empty();
        Optional<IOException> copyDamage = Optional.empty();
        try {
            copy = LedgerJournal.read(disk, store, mark.journal());
        } catch (FormatException e) {
            LOG.error("event=ledger-copy-damaged store={} directory={} reason=\"{}\"", store, disk.name(), text(e));
            copyDamage = Optional.of(e);
        }
        Whole opened = openedOrHealed(copy, copyDamage);
        boolean complete = false;
        try {
            equalize(opened.image(), copy);
            complete = true;
            return opened.database();
        } finally {
            if (!complete) {
                opened.database().close();
            }
        }
    }

    /** A database of which everything that the journal has was read. */
    private record Whole(RocksKeyValues database, LedgerImage image) {}

    private Whole openedOrHealed(Optional<Content> copy, Optional<IOException> copyDamage) throws IOException {
        try {
            return openedWhole();
        } catch (FormatException e) {
            if (copy.isEmpty()) {
                String why = copyDamage.map(HealingKeyValues::text).orElse("it is not there");
                throw new FormatException(
                        text(e) + "; nor can it be made anew from " + LedgerJournal.FILE + ": " + why);
            }
            rebuild(copy.get(), e);
            return openedWhole();
        }
    }

    private Whole openedWhole() throws IOException {
        RocksKeyValues opened = RocksKeyValues.open(directory, mark, store);
        boolean whole = false;
        try {
            Whole read = new Whole(opened, LedgerImage.of(opened));
            whole = true;
            return read;
        } finally {
            if (!whole) {
                opened.close();
            }
        }
    }

    private void equalize(LedgerImage image, Optional<Content> copy) throws IOException {
        if (copy.isPresent() && !copy.get().torn() && copy.get().image().equals(image)) {
            journal.resume(copy.get());
        } else {
            rewriteJournal(image);
        }
    }

    /** A disk that is full is served without a copy for now. */
    private void rewriteJournal(LedgerImage image) throws IOException {
        synchronized (journal) {
            try {
                journal.rewrite(image);
            } catch (DiskFullException e) {
                LOG.warn("event=ledger-not-copied store={} directory={} reason=\"{}\"", store, disk.name(), text(e));
                journal.giveUp();
            }
            mark.noteJournal(journal.sequence());
        }
    }

    /** Makes the database anew; a crash at any point leaves one that is damaged, gone or whole. */
    private void rebuild(Content copy, IOException damage) throws IOException {
        LOG.error(
                "event=ledger-damaged store={} directory={} reason=\"{}\" action=\"made anew from {}\"",
                store,
                disk.name(),
                text(damage),
                LedgerJournal.FILE);
        LedgerImage image = copy.image();
        image.apply(CatalogEra.forgotten());
        Path made = directory.resolveSibling(directory.getFileName() + ".new");
        Path aside = directory.resolveSibling(directory.getFileName() + ".damaged");
        delete(made);
        synchronized (mark) {
            long number = mark.number() + 1;
            RocksKeyValues.make(made, mark, store, new Made(image.changes(), number));
            delete(aside);
            if (Files.exists(directory)) {
                Files.move(directory, aside);
            }
            Files.move(made, directory);
            disk.forceDirectory("");
            mark.advance(number, ManifestPoint.NONE);
        }
        LOG.info("event=ledger-healed store={} directory={} damaged={}", store, disk.name(), aside);
    }

    @Override
    public void write(List<Change> changes, boolean sync) throws IOException {
        List<Change> kept = changes.stream()
                .filter(change -> LedgerImage.holds(change.family()))
                .toList();
        if (kept.isEmpty() && !sync) {
            run(used -> written(used, changes, false));
            return;
        }
        synchronized (journal) {
            journal.append(kept);
            if (sync) {
                journal.force();
            }
            mark.noteJournal(journal.sequence());
            run(used -> written(used, changes, sync));
            if (journal.isLong()) {
                shortenJournal();
            }
        }
    }

    /** On a disk that is full the long one is gone on with. */
    private void shortenJournal() throws IOException {
        LedgerImage image = run(LedgerImage::of);
        synchronized (journal) {
            try {
                journal.rewrite(image);
                mark.noteJournal(journal.sequence());
            } catch (DiskFullException e) {
                LOG.warn("event=ledger-copy-long store={} directory={} reason=\"{}\"", store, disk.name(), text(e));
                journal.putOff();
            }
        }
    }

    private static boolean written(RocksKeyValues used, List<Change> changes, boolean sync) throws IOException {
        used.write(changes, sync);
        return true;
    }

    @Override
    public Optional<Bytes> get(Family family, Bytes key) throws IOException {
        return run(used -> used.get(family, key));
    }

    @Override
    public List<Entry> scan(Family family, Bytes from, int limit) throws IOException {
        return run(used -> used.scan(family, from, limit));
    }

    /** Both copies; the one that is damaged is made anew from the other. */
    @Override
    public void verify() throws IOException {
        boolean unused = run(used -> {
            used.verify();
            return true;
        });
        synchronized (journal) {
            if (!isJournalWhole()) {
                rewriteJournal(run(LedgerImage::of));
            }
        }
    }

    private boolean isJournalWhole() throws IOException {
        try {
            return journal.isKept() && journal.reread().isPresent();
        } catch (FormatException e) {
            LOG.error("event=ledger-copy-damaged store={} directory={} reason=\"{}\"", store, disk.name(), text(e));
            return false;
        }
    }

    @Override
    public void whenTractsAreForgotten(Runnable action) {
        onForgotten = action;
    }

    private <R> R run(Work<R> work) throws IOException {
        RocksKeyValues used = database;
        try {
            return underLock(work);
        } catch (FormatException e) {
            heal(used, e);
            return underLock(work);
        }
    }

    private <R> R underLock(Work<R> work) throws IOException {
        present.readLock().lock();
        try {
            return work.on(database);
        } finally {
            present.readLock().unlock();
        }
    }

    /** Replaces a database that turned out to be damaged. */
    private void heal(RocksKeyValues damaged, FormatException damage) throws IOException {
        synchronized (journal) {
            present.writeLock().lock();
            try {
                if (database == damaged) {
                    Content copy = copyOr(damage);
                    damaged.close();
                    rebuild(copy, damage);
                    Whole healed = openedWhole();
                    database = healed.database();
                    onForgotten.run();
                    rewriteJournal(healed.image());
                }
            } finally {
                present.writeLock().unlock();
            }
        }
    }

    private Content copyOr(FormatException damage) throws IOException {
        try {
            Optional<Content> copy = journal.isKept() ? journal.reread() : Optional.empty();
            return copy.orElseThrow(() -> new FormatException(LedgerJournal.FILE + " is not there"));
        } catch (IOException e) {
            damage.addSuppressed(e);
            throw damage;
        }
    }

    @Override
    public void close() {
        synchronized (journal) {
            database.close();
            mark.close();
            try {
                journal.close();
            } catch (IOException e) {
                LOG.warn("store={} file={} state=not-closed", store, LedgerJournal.FILE, e);
            }
        }
    }

    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            List<Path> paths;
            try (Stream<Path> walk = Files.walk(root)) {
                paths = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : paths) {
                Files.delete(path);
            }
        }
    }

    private static String text(IOException e) {
        return String.valueOf(e.getMessage());
    }
}
