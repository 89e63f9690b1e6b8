package io.tractfs.tract.store;

import io.tractfs.id.TractId;
import io.tractfs.time.Clock;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.format.TractLayout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracts that were removed, kept for a while as {@code trash/<milliseconds>-<number>-<tract>}; the names say when each of
 * them goes. Thread-safe; the caller holds the lock of the tract that it moves.
 */
final class Trash {
    /** The directory. */
    static final String DIRECTORY = "trash";

    /** Files that one round of purging removes, so that it yields to clients (P32). */
    private static final int PURGE_LIMIT = 5_000;

    /** The same while clients wait for the space. */
    private static final int URGENT_PURGE_LIMIT = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(Trash.class);

    private final Disk disk;
    private final Clock clock;
    private final Duration keep;
    private final AtomicLong number = new AtomicLong();

    Trash(Disk disk, Clock clock, Duration keep) {
        this.disk = disk;
        this.clock = clock;
        this.keep = keep;
    }

    /** Where it is, for messages. */
    String name() {
        return disk.name() + "/" + DIRECTORY;
    }

    /** Moves a tract's file here; not durable before {@link #force}. */
    void take(TractId tract) throws IOException {
        String name = String.format(Locale.ROOT, "%013d-%x-%s", clock.wallMs(), number.incrementAndGet(), tract);
        try {
            disk.rename(TractLayout.file(tract), DIRECTORY + "/" + name);
        } catch (NoSuchFileException e) {
            LOG.debug("tract={} was not there to be moved to trash", tract, e);
        }
    }

    /** The tracts that are here, each with the name of the file that came last. */
    SortedMap<TractId, String> newest() throws IOException {
        SortedMap<TractId, String> newest = new TreeMap<>();
        for (String name : disk.list(DIRECTORY)) {
            tractOf(name).ifPresent(tract -> newest.merge(tract, name, Trash::later));
        }
        return newest;
    }

    private static String later(String one, String other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Moves a file that {@link #newest} named back to its tract's place; not durable before {@link #force}. */
    void giveBack(TractId tract, String name) throws IOException {
        disk.rename(DIRECTORY + "/" + name, TractLayout.file(tract));
    }

    private static Optional<TractId> tractOf(String name) {
        String[] parts = name.split("-", 3);
        try {
            return parts.length < 3 ? Optional.empty() : Optional.of(TractId.parse(parts[2]));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // A file that was no tract.
        }
    }

    /** Moves a file here that is no tract; not durable before {@link #forceBucket}. */
    void takeStray(String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        disk.rename(
                path,
                String.format(
                        Locale.ROOT,
                        "%s/%013d-%x-stray-%s",
                        DIRECTORY,
                        clock.wallMs(),
                        number.incrementAndGet(),
                        name));
    }

    /** Makes moves out of one bucket durable. */
    void forceBucket(int bucket) throws IOException {
        disk.forceDirectory(DIRECTORY);
        disk.forceDirectory(TractLayout.directory(bucket));
    }

    /** Makes moves durable. */
    void force(Collection<TractId> tracts) throws IOException {
        if (tracts.isEmpty()) {
            return;
        }
        disk.forceDirectory(DIRECTORY);
        for (int bucket : new TreeSet<>(tracts.stream().map(TractLayout::bucket).toList())) {
            disk.forceDirectory(TractLayout.directory(bucket));
        }
    }

    /**
     * Removes for good what has been here for long enough, the oldest first.
     *
     * @param spaceIsShort whether everything has
     */
    void purge(boolean spaceIsShort) throws IOException {
        long until = clock.wallMs() - (spaceIsShort ? 0 : keep.toMillis());
        List<String> old = disk.list(DIRECTORY).stream()
                .filter(name -> removedAt(name) <= until)
                .sorted()
                .limit(spaceIsShort ? URGENT_PURGE_LIMIT : PURGE_LIMIT)
                .toList();
        for (String name : old) {
            disk.delete(DIRECTORY + "/" + name);
        }
        if (!old.isEmpty()) {
            LOG.info("trash={} purged={}", name(), old.size());
        }
    }

    private static long removedAt(String name) {
        try {
            return Long.parseLong(name.substring(0, Math.max(0, name.indexOf('-'))));
        } catch (NumberFormatException e) {
            LOG.warn("file={} in trash has no time in its name and stays", name, e);
            return Long.MAX_VALUE;
        }
    }
}
