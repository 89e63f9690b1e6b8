package io.tractfs.tract.store;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.tract.format.TractLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves tracts to trash: their files first, then the directories are forced, then they leave the catalog, so that a crash
 * in between leaves at most names in the catalog that have no file. Thread-safe.
 */
final class TractRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(TractRemoval.class);

    private static final int PAGE = 1024;

    private final StorageParts parts;
    private volatile boolean looked;

    TractRemoval(StorageParts parts) {
        this.parts = parts;
    }

    void removeBlobs(Collection<BlobId> blobs) throws IOException {
        remove(fromCatalog(() -> {
            List<TractId> tracts = new ArrayList<>();
            for (BlobId blob : blobs) {
                tracts.addAll(parts.catalog().tractsOf(blob));
            }
            return tracts;
        }));
    }

    /** A question to the catalog. */
    @FunctionalInterface
    interface Question<R> {
        R ask() throws IOException;
    }

    /** What the catalog answers when it is complete: it may turn out to be damaged by the question, and is made again then. */
    <R> R fromCatalog(Question<R> question) throws IOException {
        while (true) {
            completeCatalog();
            R answer = question.ask();
            if (parts.catalogEra().isComplete()) {
                return answer;
            }
        }
    }

    void remove(Collection<TractId> tracts) throws IOException {
        parts.catalog().unmarkSynced(tracts);
        for (TractId tract : tracts) {
            take(tract);
        }
        parts.trash().force(tracts);
        for (TractId tract : tracts) {
            parts.catalog().remove(tract);
        }
        if (!tracts.isEmpty()) {
            LOG.info("trash={} taken={}", parts.trash().name(), tracts.size());
        }
    }

    /**
     * Takes tracts back from trash where none has their place: the reverse of the removal, in the reverse order.
     *
     * @param files names of their files in trash
     * @return how many came back
     */
    int takeBack(Map<TractId, String> files) throws IOException {
        List<TractId> back = new ArrayList<>();
        for (Map.Entry<TractId, String> file : files.entrySet()) {
            if (takeBack(file.getKey(), file.getValue())) {
                back.add(file.getKey());
            }
        }
        parts.trash().force(back);
        for (TractId tract : back) {
            parts.catalog().markSynced(tract);
        }
        if (!back.isEmpty()) {
            LOG.info("trash={} given-back={}", parts.trash().name(), back.size());
        }
        return back.size();
    }

    /** One that cannot be read is back all the same: it is damaged, which any verified copy heals (P25). */
    private boolean takeBack(TractId tract, String file) throws IOException {
        try {
            return parts.cache().with(tract, entry -> {
                if (entry.open != null) {
                    return false;
                }
                parts.finder().makeDirectory(tract);
                parts.catalog().add(tract);
                parts.trash().giveBack(tract, file);
                entry.open = parts.loader().load(tract).orElse(null);
                OpenTract open = entry.open;
                if (open == null) {
                    return false;
                }
                parts.space().count(open.extents().held().size());
                return true;
            });
        } catch (UnreadableTractException e) {
            LOG.warn("tract={} state=unreadable, as it came back from trash or was in its place before", tract, e);
            return false;
        }
    }

    /** Moves a file away that says nothing usable and is no part of any tract. */
    void setAsideUnreadable(TractId tract) throws IOException {
        boolean unused = parts.cache().ifUnreadable(tract, entry -> {
            takeFile(tract);
            parts.catalog().remove(tract);
            return tract;
        });
    }

    /**
     * Puts a tract in the place of a file that says nothing usable: as long as the source says, and all of it damaged, so that
     * what is not fetched yet is never taken for the end (P25). A crash in between leaves the tract as lost as it was.
     */
    void replaceUnreadable(TractState source) throws IOException {
        TractId tract = source.tract();
        boolean unused = parts.cache().ifUnreadable(tract, entry -> {
            parts.finder().makeDirectory(tract);
            parts.catalog().markLost(tract);
            takeFile(tract);
            OpenTract empty = parts.loader().create(tract, source.tractSize());
            entry.open = empty;
            empty.recordLost(0, source.length(), StampRules.takenOver(source));
            parts.catalog().noteReadable(tract);
            return tract;
        });
    }

    /** After a power loss, or when it was lost, once: brings the catalog up to the names of the files. */
    synchronized void completeCatalog() throws IOException {
        if (parts.catalogEra().isComplete()) {
            return;
        }
        int losses = parts.catalogEra().losses();
        long count = 0;
        for (int bucket = 0; bucket < TractLayout.BUCKETS; bucket++) {
            List<TractId> found = parts.finder().ofBucket(bucket);
            parts.catalog().addAll(found);
            count += found.size();
        }
        unmarkLost();
        parts.catalog().recount(count);
        parts.catalogEra().markComplete(losses);
        parts.catalog().trust(parts.catalogEra().isComplete());
        LOG.info("catalog={} state=complete tracts={}", parts.trash().name(), count);
    }

    /** After a power loss the marks may be of tracts that were removed and made again; the other holders know better. */
    private void unmarkLost() throws IOException {
        List<TractId> page = parts.catalog().tractsAfter(null, PAGE);
        while (!page.isEmpty()) {
            parts.catalog().unmarkSynced(page);
            page = parts.catalog().tractsAfter(page.get(page.size() - 1), PAGE);
        }
    }

    /**
     * Looks for tracts that were synced and whose files are gone.
     *
     * @return the last tract that was looked at; empty at the end
     */
    Optional<TractId> lookForLost(@Nullable TractId after, int limit) throws IOException {
        List<TractId> page = fromCatalog(() -> parts.catalog().tractsAfter(after, limit));
        for (TractId tract : withoutFile(page)) {
            if (parts.catalog().isLostWithoutFile(tract) && !parts.finder().hasFile(tract)) {
                LOG.error(
                        "tract={} state=lost, its file is gone from {}",
                        tract,
                        parts.trash().name());
                parts.catalog().noteUnreadable(tract);
            }
        }
        return page.isEmpty() ? Optional.empty() : Optional.of(page.get(page.size() - 1));
    }

    /** Once, before the first list of a row: whoever copies a row from this store must hear of what is lost here (P25). */
    void lookForLostOnce() throws IOException {
        if (looked) {
            return;
        }
        synchronized (this) {
            Optional<TractId> last = looked ? Optional.empty() : lookForLost(null, PAGE);
            while (last.isPresent()) {
                last = lookForLost(last.get(), PAGE);
            }
            looked = true;
        }
    }

    private List<TractId> withoutFile(List<TractId> tracts) throws IOException {
        List<TractId> without = new ArrayList<>();
        for (TractId tract : tracts) {
            if (!parts.finder().hasFile(tract)) {
                without.add(tract);
            }
        }
        return without;
    }

    private void take(TractId tract) throws IOException {
        try {
            parts.cache().with(tract, entry -> {
                long held = entry.open == null ? 0 : entry.open.extents().held().size();
                takeFile(tract);
                entry.drop();
                parts.space().count(-held);
                return tract;
            });
        } catch (UnreadableTractException e) {
            LOG.debug("tract={} goes to trash unread", tract, e);
            if (!parts.cache().ifUnreadable(tract, entry -> takeFile(tract))) {
                take(tract);
            }
        }
    }

    private TractId takeFile(TractId tract) throws IOException {
        parts.trash().take(tract);
        return tract;
    }
}
