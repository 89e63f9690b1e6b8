package io.tractfs.tract.store;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Entry;
import io.tractfs.tract.store.KeyValues.Family;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a store knows of its tracts without opening files: which blobs are here, and the extras of the few tracts that
 * have any (all of these are in memory). An entry is made before its file and goes after it, so after {@code kill -9} no
 * file is without an entry; after power loss the catalog is made again from the names of the files. The entry of a tract
 * that was synced once says so: if its file is not there, it is lost and not merely absent. Thread-safe.
 */
final class TractCatalog {
    private static final int PAGE = 1024;
    private static final Bytes SYNCED = Bytes.of(ByteBuffer.allocate(1).put((byte) 1));

    private final KeyValues values;
    private final Map<TractId, Extras.Kept> extras = new ConcurrentHashMap<>();

    /** Tracts whose files were found gone or unusable since the start. */
    private final NavigableSet<TractId> unreadable = new ConcurrentSkipListSet<>();

    private final AtomicLong count = new AtomicLong();
    private volatile boolean trusted;

    TractCatalog(KeyValues values) {
        this.values = values;
    }

    /** Reads the extras of all tracts. */
    void load(long tractCount) throws IOException {
        count.set(tractCount);
        Bytes from = Bytes.EMPTY;
        while (true) {
            List<Entry> page = values.scan(Family.EXTRAS, from, PAGE);
            for (Entry entry : page) {
                extras.put(tract(entry.key()), Extras.Kept.decode(entry.value()));
            }
            if (page.size() < PAGE) {
                return;
            }
            from = page.get(page.size() - 1).key().next();
        }
    }

    long count() {
        return count.get();
    }

    /** Whether it knows a tract. */
    boolean contains(TractId tract) throws IOException {
        List<TractId> next = tracts(key(tract), 1);
        return !next.isEmpty() && next.get(0).equals(tract);
    }

    /** A tract is about to be made; what a file of that name that is gone has left behind must not speak for it. */
    void add(TractId tract) throws IOException {
        Change entry = new Change(Family.TRACTS, key(tract), Bytes.EMPTY);
        if (extras.remove(tract) == null) {
            values.write(List.of(entry), false);
        } else {
            values.write(List.of(entry, new Change(Family.EXTRAS, key(tract), null)), true);
        }
        unreadable.remove(tract);
        count.incrementAndGet();
    }

    /** Adds tracts whose files were found; what is said of those that are there stays. */
    void addAll(Collection<TractId> found) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (TractId tract : found) {
            if (values.get(Family.TRACTS, key(tract)).isEmpty()) {
                changes.add(new Change(Family.TRACTS, key(tract), Bytes.EMPTY));
            }
        }
        values.write(changes, false);
    }

    /** A tract and the name of its file are on disk: from now on it is lost if it is not there. */
    void markSynced(TractId tract) throws IOException {
        values.write(List.of(new Change(Family.TRACTS, key(tract), SYNCED)), false);
    }

    /** A tract that has to be here is not: it stays lost, also over a restart, until something usable is in its place. */
    void markLost(TractId tract) throws IOException {
        extras.remove(tract);
        values.write(
                List.of(new Change(Family.TRACTS, key(tract), SYNCED), new Change(Family.EXTRAS, key(tract), null)),
                true);
        unreadable.add(tract);
    }

    /** Files of these tracts are about to go, or may have gone with a power loss. */
    void unmarkSynced(Collection<TractId> tracts) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (TractId tract : tracts) {
            if (isSynced(tract)) {
                changes.add(new Change(Family.TRACTS, key(tract), Bytes.EMPTY));
            }
        }
        if (!changes.isEmpty()) {
            values.write(changes, false);
        }
    }

    /** Whether the file of a tract has to be there; nothing is said after a power loss until the names were gone through. */
    boolean isLostWithoutFile(TractId tract) throws IOException {
        return trusted && isSynced(tract);
    }

    /** Takes note of whether the names of the files have been gone through since the last power loss. */
    void trust(boolean complete) {
        trusted = complete;
    }

    private boolean isSynced(TractId tract) throws IOException {
        return values.get(Family.TRACTS, key(tract)).filter(SYNCED::equals).isPresent();
    }

    /** Remembers a tract whose file cannot be used. */
    void noteUnreadable(TractId tract) {
        unreadable.add(tract);
    }

    /** A file that could not be used can be used. */
    void noteReadable(TractId tract) {
        if (!unreadable.isEmpty()) {
            unreadable.remove(tract);
        }
    }

    /** Tracts whose files cannot be used, as far as that was found out. */
    NavigableSet<TractId> unreadable() {
        return Collections.unmodifiableNavigableSet(unreadable);
    }

    /** Tracts that cannot be used or have damaged bytes, as far as that is known, in order. */
    NavigableSet<TractId> damaged() {
        NavigableSet<TractId> damaged = new TreeSet<>(unreadable);
        extras.forEach((tract, kept) -> {
            if (!kept.present().damaged().isEmpty()) {
                damaged.add(tract);
            }
        });
        return damaged;
    }

    /** Corrects the number of tracts. */
    void recount(long tractCount) {
        count.set(tractCount);
    }

    void remove(TractId tract) throws IOException {
        extras.remove(tract);
        unreadable.remove(tract);
        values.write(
                List.of(new Change(Family.TRACTS, key(tract), null), new Change(Family.EXTRAS, key(tract), null)),
                false);
        count.decrementAndGet();
    }

    Extras.Kept extras(TractId tract) {
        return extras.getOrDefault(tract, Extras.Kept.NONE);
    }

    void putExtras(TractId tract, Extras.Kept changed, boolean sync) throws IOException {
        values.write(List.of(new Change(Family.EXTRAS, key(tract), changed.isEmpty() ? null : changed.encode())), sync);
        if (changed.isEmpty()) {
            extras.remove(tract);
        } else {
            extras.put(tract, changed);
        }
    }

    List<TractId> tractsOf(BlobId blob) throws IOException {
        Bytes from = key(new TractId(blob, 0));
        List<TractId> found = new ArrayList<>();
        while (true) {
            List<TractId> page = tracts(from, PAGE);
            for (TractId tract : page) {
                if (!tract.blob().equals(blob)) {
                    return found;
                }
                found.add(tract);
            }
            if (page.size() < PAGE) {
                return found;
            }
            from = key(page.get(page.size() - 1)).next();
        }
    }

    List<BlobId> blobs(@Nullable BlobId after, int limit) throws IOException {
        List<BlobId> blobs = new ArrayList<>();
        Bytes from = after == null ? Bytes.EMPTY : pastBlob(after);
        while (blobs.size() < limit) {
            List<TractId> next = tracts(from, 1);
            if (next.isEmpty()) {
                break;
            }
            blobs.add(next.get(0).blob());
            from = pastBlob(next.get(0).blob());
        }
        return blobs;
    }

    /** The next tracts in order. */
    List<TractId> tractsAfter(@Nullable TractId after, int limit) throws IOException {
        return tracts(after == null ? Bytes.EMPTY : key(after).next(), limit);
    }

    private List<TractId> tracts(Bytes from, int limit) throws IOException {
        List<TractId> tracts = new ArrayList<>();
        for (Entry entry : values.scan(Family.TRACTS, from, limit)) {
            tracts.add(tract(entry.key()));
        }
        return tracts;
    }

    /** A key greater than those of all tracts of a blob: indexes are not negative. */
    private static Bytes pastBlob(BlobId blob) {
        return Bytes.of(ByteBuffer.allocate(12).putLong(blob.value()).putInt(-1));
    }

    private static Bytes key(TractId tract) {
        return Bytes.of(ByteBuffer.allocate(12).putLong(tract.blob().value()).putInt(tract.index()));
    }

    private static TractId tract(Bytes key) {
        ByteBuffer source = key.buffer();
        return new TractId(new BlobId(source.getLong()), source.getInt());
    }
}
