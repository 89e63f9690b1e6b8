package io.tractfs.tract.store;

import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Settings of the stores of a tract server. Immutable.
 *
 * @param directories one per store
 * @param reserveBytes space left alone; less on a small disk
 * @param capacityBytes most bytes of tracts per store; 0 = the whole disk
 * @param trashKeep how long removed tracts stay in trash
 * @param openFiles most tract files open per store
 * @param flushAfter how long bytes stay unsynced before upkeep syncs them
 */
public record StoreConfig(
        List<Path> directories,
        long reserveBytes,
        long capacityBytes,
        Duration trashKeep,
        int openFiles,
        Duration flushAfter) {
    /** The data directories. */
    public static final Key<String> DIRS = Key.text(
            "tract.store.dirs",
            "",
            "Data directories, separated by commas; one store each, formatted beforehand. Must be set.");

    /** Reserved space. */
    public static final Key<Long> RESERVE = Key.size(
            "tract.store.reserve",
            "1GiB",
            0,
            1L << 50,
            "Space per store that writes of tracts leave alone, so that a full disk still serves reads, deletes and its own"
                    + " logs; at most 5 % of the disk is taken.");

    /** Limit of a store. */
    public static final Key<Long> CAPACITY = Key.size(
            "tract.store.capacity",
            "0",
            0,
            1L << 60,
            "Most bytes of tracts that a store holds, for several stores on one disk; 0 means the whole disk.");

    /** Trash. */
    public static final Key<Duration> TRASH_KEEP = Key.duration(
            "tract.store.trash.keep",
            "1h",
            Duration.ZERO,
            Duration.ofDays(365),
            "How long tracts that were removed stay in a store's trash before they go for good; less if the disk is nearly"
                    + " full. Several times tract.store.namespace.copy.interval, so that a namespace that is restored from a"
                    + " copy finds what it refers to.");

    /** Open files. */
    public static final Key<Integer> OPEN_FILES = Key.count(
            "tract.store.open.files",
            1024,
            16,
            1_000_000,
            "Most tract files that a store keeps open for the next call.");

    /** Background sync. */
    public static final Key<Duration> FLUSH_AFTER = Key.duration(
            "tract.store.flush.after",
            "30s",
            Duration.ofMillis(100),
            Duration.ofDays(1),
            "How long written bytes whose writer asked for no sync stay in the page cache before the store syncs them.");

    /** All keys, for the documentation. */
    public static final List<Key<?>> KEYS = List.of(DIRS, RESERVE, CAPACITY, TRASH_KEEP, OPEN_FILES, FLUSH_AFTER);

    private static final int MOST_RESERVED_PERCENT = 5;

    /** Copies the list. */
    public StoreConfig {
        directories = List.copyOf(directories);
    }

    /** Reads the settings; problems stay in the reader. */
    public static StoreConfig read(Settings.Reader reader) {
        List<Path> directories = Arrays.stream(reader.get(DIRS).split(",", -1))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .map(Path::of)
                .toList();
        if (directories.isEmpty()) {
            reader.problem(DIRS.name() + ": must name at least one directory");
        }
        return new StoreConfig(
                directories,
                reader.get(RESERVE),
                reader.get(CAPACITY),
                reader.get(TRASH_KEEP),
                reader.get(OPEN_FILES),
                reader.get(FLUSH_AFTER));
    }

    /** The reserve on a disk of some size. */
    public long reserveOf(long diskBytes) {
        return Math.min(reserveBytes, diskBytes / 100 * MOST_RESERVED_PERCENT);
    }
}
