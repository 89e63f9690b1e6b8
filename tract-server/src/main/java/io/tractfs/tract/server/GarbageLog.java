package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import java.util.List;
import java.util.Map;

/** The namespace's garbage log as a store reads it (P32). */
public interface GarbageLog {
    /**
     * A stretch of the log.
     *
     * @param after sequence after which to go on
     */
    Page page(long after) throws TractException, InterruptedException;

    /** Of these blobs, the ones that the namespace does not know; answered after a linearizable read. */
    List<BlobId> unknown(List<BlobId> blobs) throws TractException, InterruptedException;

    /** Of these blobs in trash, the ones that the namespace refers to all the same: it was restored from a copy (P30). */
    List<BlobId> wanted(List<BlobId> trashed) throws TractException, InterruptedException;

    /** Where those of these blobs end that belong to closed files; answered after a linearizable read. */
    Map<BlobId, End> ends(List<BlobId> blobs) throws TractException, InterruptedException;

    /**
     * Where a blob ends.
     *
     * @param tracts how many have bytes of its file
     * @param generation of the file; who writes to it later has a higher one
     */
    record End(int tracts, Generation generation) {}

    /**
     * Entries in order.
     *
     * @param entries at most a page
     * @param start first sequence that the log still has
     * @param held whether nothing is deleted, since a restore has yet to be confirmed (P30)
     */
    record Page(List<Removed> entries, long start, boolean held) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * One removed blob.
     *
     * @param sequence its place in the log
     * @param blob the blob
     */
    record Removed(long sequence, BlobId blob) {}
}
