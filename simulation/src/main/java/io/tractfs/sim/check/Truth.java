package io.tractfs.sim.check;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What every blob contains, and how much of it was promised to anybody: acknowledged to its writer, seen by a reader, or
 * made its length by the namespace. The byte at each place of a blob follows from the blob and the place alone, so anybody
 * can be checked. Not thread-safe.
 */
public final class Truth {
    /** Tracts that a writer may have in flight. */
    public static final int WINDOW = 3;

    private final Map<BlobId, Blob> blobs = new TreeMap<>();
    private final Map<BlobId, Blob> dead = new TreeMap<>();
    private final int tractSize;

    /** A blob that some file refers to. Not thread-safe. */
    public static final class Blob {
        private final BlobId id;
        private final int replication;
        private long promised;
        private long acknowledged;
        private boolean left;
        private long synced;
        private long end = Long.MAX_VALUE;
        private boolean cut;

        private Blob(BlobId id, int replication) {
            this.id = id;
            this.replication = replication;
        }

        /** Its id. */
        public BlobId id() {
            return id;
        }

        /** Copies. */
        public int replication() {
            return replication;
        }

        /** Bytes that every holder has to have. */
        public long promised() {
            return promised;
        }

        /** Bytes that the writer takes for being on disks. */
        public long synced() {
            return Math.min(synced, end);
        }

        /** Where the namespace has ended it; {@link Long#MAX_VALUE} while it may grow. */
        public long end() {
            return end;
        }
    }

    /** Nothing written. */
    public Truth(int tractSize) {
        this.tractSize = tractSize;
    }

    /** How far writers may be ahead of what is acknowledged (P18). */
    long windowBytes() {
        return (long) WINDOW * tractSize;
    }

    /** Bytes of a tract. */
    public int tractSize() {
        return tractSize;
    }

    /** The namespace has given a file a new blob. */
    void begin(BlobId id, int replication) {
        if (blobs.containsKey(id) || dead.containsKey(id)) {
            throw new Violation("P31", "blob " + id + " was given out twice");
        }
        blobs.put(id, new Blob(id, replication));
    }

    /** A writer counts bytes as acknowledged and as synced; a blob that is gone is passed over. */
    void progress(BlobId id, long acknowledged, long synced) {
        Blob blob = blobs.get(id);
        if (blob != null && !blob.cut) {
            promise(blob, acknowledged, "acknowledged to the writer");
            blob.acknowledged = Math.max(blob.acknowledged, acknowledged);
            blob.synced = Math.max(blob.synced, synced);
        }
    }

    /** A reader takes a blob for this long; if a user has shortened it since, that is not news. */
    void seen(BlobId id, long length) {
        Blob blob = blobs.get(id);
        if (blob != null && !blob.cut && !blob.left) {
            promise(blob, length, "seen by a reader");
        }
    }

    /**
     * A blob ends: its writer goes on in another one (P3), or is gone. What was acknowledged to the writer stays; what a reader
     * saw beyond it need not.
     */
    void left(BlobId id, long length) {
        Blob blob = blob(id);
        if (length < blob.acknowledged) {
            throw new Violation(
                    "I9", "blob " + id + " ends at " + length + ", " + blob.acknowledged + " bytes were acknowledged");
        }
        blob.promised = length;
        blob.end = length;
        blob.left = true;
    }

    /** The namespace says how long a blob is; while it may grow this is a lower bound. */
    void recorded(BlobId id, long length, boolean ended) {
        if (ended) {
            left(id, length);
            return;
        }
        Blob blob = blob(id);
        promise(blob, length, "recorded");
        blob.end = Long.MAX_VALUE;
    }

    /** A user has shortened a file. */
    void cut(BlobId id, long length) {
        Blob blob = blob(id);
        blob.promised = Math.min(blob.promised, length);
        blob.acknowledged = Math.min(blob.acknowledged, length);
        blob.end = length;
        blob.cut = true;
    }

    private static void promise(Blob blob, long length, String by) {
        if (length > blob.end) {
            throw new Violation(
                    "I9", length + " bytes of blob " + blob.id + " were " + by + ", and it had ended at " + blob.end);
        }
        blob.promised = Math.max(blob.promised, length);
    }

    /** No file refers to a blob any more. */
    void died(BlobId id) {
        dead.put(id, blob(id));
        blobs.remove(id);
    }

    /** Every blob that some file refers to. */
    public Collection<Blob> blobs() {
        return blobs.values();
    }

    /** Blobs that no file refers to any more. */
    List<BlobId> dead() {
        return new ArrayList<>(dead.keySet());
    }

    /** A blob, if some file refers to it. */
    public @Nullable Blob find(BlobId id) {
        return blobs.get(id);
    }

    private Blob blob(BlobId id) {
        Blob blob = blobs.get(id);
        if (blob == null) {
            throw new IllegalArgumentException("No blob " + id);
        }
        return blob;
    }

    /** Promised bytes of one tract. */
    int promised(Blob blob, TractId tract) {
        return within(tract, blob.promised);
    }

    /** Synced bytes of one tract. */
    int synced(Blob blob, TractId tract) {
        return within(tract, blob.synced());
    }

    /** Bytes of one tract up to some length of its blob. */
    int within(TractId tract, long length) {
        long start = (long) tract.index() * tractSize;
        return (int) Math.max(0, Math.min(tractSize, length - start));
    }

    /** The bytes of a tract at some place. */
    public byte[] contents(TractId tract, int offset, int length) {
        long start = (long) tract.index() * tractSize + offset;
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long mixed = (tract.blob().value() * 0x9E3779B97F4A7C15L + start + i) * 0xff51afd7ed558ccdL;
            bytes[i] = (byte) (mixed >>> 40);
        }
        return bytes;
    }
}
