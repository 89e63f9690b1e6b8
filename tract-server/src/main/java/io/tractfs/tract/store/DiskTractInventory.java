package io.tractfs.tract.store;

import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.store.TractCache.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inventory of a directory of files. Thread-safe. */
final class DiskTractInventory implements TractInventory {
    private static final Logger LOG = LoggerFactory.getLogger(DiskTractInventory.class);

    private final StorageParts parts;
    private final TractSync sync;
    private final TractRemoval removal;

    DiskTractInventory(StorageParts parts, TractSync sync, TractRemoval removal) {
        this.parts = parts;
        this.sync = sync;
        this.removal = removal;
    }

    @Override
    public Optional<Inspected> inspect(TractId tract, boolean verify) throws TractException {
        parts.health().check();
        try {
            if (verify) {
                parts.cache().refresh(tract);
            }
            Optional<Inspected> found = parts.cache().with(tract, entry -> inspect(entry, verify));
            parts.cache().sweep();
            return found;
        } catch (UnreadableTractException e) {
            return unreadable(tract, e);
        } catch (IOException e) {
            throw parts.health().onFailure(e);
        }
    }

    private Optional<Inspected> inspect(Entry entry, boolean verify) throws IOException {
        OpenTract held = entry.open;
        if (held == null) {
            return Optional.empty();
        }
        OptionalLong size = sizeOf(entry.tract);
        if (size.isEmpty()) {
            forget(entry, held);
            return Optional.empty();
        }
        int length = held.extents().length();
        int dataAt = TractLayout.data(held.file().header().tractSize());
        int stored = (int) Math.max(0, Math.min(length, size.getAsLong() - dataAt));
        if (stored < length && held.slots().isSynced() && !entry.syncLock.isLocked()) {
            // Another file may be in its place by now.
            entry.drop();
            held = parts.loader().load(entry.tract).orElse(null);
            entry.open = held;
            if (held == null) {
                return Optional.empty();
            }
        }
        if (verify || stored < length) {
            var bad = TractScan.bad(held.file(), held.extents().held(), held.pieces());
            if (!bad.isEmpty()) {
                LOG.error("event=damage-found tract={} stored={} length={} bad={}", entry.tract, stored, length, bad);
                held.recordDamage(bad);
                sync.noteDirty(entry.tract);
            }
        }
        return Optional.of(new Inspected(held.state(), stored));
    }

    /** Somebody took the file away: what is still open of it is no copy. */
    private void forget(Entry entry, OpenTract held) throws IOException {
        LOG.error(
                "event=tract-file-gone tract={} length={}",
                entry.tract,
                held.extents().length());
        parts.space().count(-held.extents().held().size());
        entry.drop();
        if (parts.catalog().isLostWithoutFile(entry.tract)) {
            parts.catalog().noteUnreadable(entry.tract);
        } else if (parts.catalog().contains(entry.tract)) {
            parts.catalog().remove(entry.tract);
        }
    }

    /** Nothing is here if there is no file; what is in one that says nothing usable is damaged from its beginning on. */
    private Optional<Inspected> unreadable(TractId tract, UnreadableTractException reason) throws TractException {
        LOG.warn("event=tract-unreadable tract={} reason=\"{}\"", tract, reason.getMessage());
        try {
            return parts.finder().hasFile(tract)
                    ? Optional.of(new Inspected(DiskTractStorage.unreadable(tract), 0))
                    : Optional.empty();
        } catch (IOException e) {
            throw parts.health().onFailure(e);
        }
    }

    private OptionalLong sizeOf(TractId tract) throws IOException {
        Optional<DiskFile> opened = parts.disk().open(TractLayout.file(tract));
        if (opened.isEmpty()) {
            return OptionalLong.empty();
        }
        try (DiskFile file = opened.get()) {
            return OptionalLong.of(file.size());
        }
    }

    @Override
    public List<TractId> names(int bucket) throws TractException {
        parts.health().check();
        try {
            List<TractId> names = parts.finder().ofBucket(bucket);
            Collections.sort(names);
            return names;
        } catch (IOException e) {
            throw parts.health().onFailure(e);
        }
    }

    @Override
    public List<String> strays(int bucket) throws TractException {
        parts.health().check();
        try {
            return parts.finder().strays(bucket);
        } catch (IOException e) {
            throw parts.health().onFailure(e);
        }
    }

    @Override
    public int removeStrays(Collection<String> paths) throws TractException {
        int removed = 0;
        for (int bucket = 0; bucket < TractLayout.BUCKETS && removed < paths.size(); bucket++) {
            String directory = TractLayout.directory(bucket) + "/";
            if (paths.stream().anyMatch(path -> path.startsWith(directory))) {
                List<String> strays = strays(bucket);
                strays.retainAll(paths);
                removed += takeStrays(bucket, strays);
            }
        }
        return removed;
    }

    private int takeStrays(int bucket, List<String> strays) throws TractException {
        try {
            for (String path : strays) {
                parts.trash().takeStray(path);
            }
            parts.trash().forceBucket(bucket);
            return strays.size();
        } catch (IOException e) {
            throw parts.health().onFailure(e);
        }
    }

    @Override
    public void remove(Collection<TractId> tracts) throws TractException {
        parts.health().check();
        try {
            List<TractId> present = new ArrayList<>();
            for (TractId tract : tracts) {
                if (sizeOf(tract).isPresent()) {
                    adopt(tract);
                    present.add(tract);
                }
            }
            removal.remove(present);
        } catch (IOException e) {
            throw parts.health().onFailure(e);
        }
    }

    /** Counts a file that came from elsewhere, so that its removal leaves the counts right. */
    private void adopt(TractId tract) throws IOException {
        if (parts.catalog().contains(tract)) {
            return;
        }
        parts.catalog().add(tract);
        try {
            parts.cache().with(tract, entry -> {
                OpenTract held = entry.open;
                parts.space().count(held == null ? 0 : held.extents().held().size());
                return tract;
            });
        } catch (UnreadableTractException e) {
            LOG.debug("event=stray-unreadable tract={}", tract, e);
        }
    }
}
