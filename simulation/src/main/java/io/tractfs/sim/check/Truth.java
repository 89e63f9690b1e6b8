package io.tractfs.sim.check;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Violation;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What every file contains, and how much of each blob was acknowledged. The byte at each place of a file follows from the
 * file's number and the place alone, so anybody can be checked. Not thread-safe.
 */
public final class Truth {
    /** Tracts that a writer may have in flight. */
    public static final int WINDOW = 3;

    private final Map<BlobId, Blob> blobs = new TreeMap<>();
    private final int tractSize;

    /** A blob that is written. Not thread-safe. */
    public static final class Blob {
        private final BlobId id;
        private final long file;
        private final long start;
        private final int replication;
        private long acknowledged;
        private long synced;

        private Blob(BlobId id, long file, long start, int replication) {
            this.id = id;
            this.file = file;
            this.start = start;
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

        /** Bytes that the writer takes for acknowledged. */
        public long acknowledged() {
            return acknowledged;
        }

        /** Bytes that the writer takes for being on disks. */
        public long synced() {
            return synced;
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

    /** A segment begins. */
    public void begin(BlobId blob, long file, long start, int replication) {
        blobs.putIfAbsent(blob, new Blob(blob, file, start, replication));
    }

    /** A writer counts bytes as acknowledged and as synced. */
    public void progress(BlobId id, long acknowledged, long synced) {
        Blob blob = blob(id);
        if (acknowledged < blob.acknowledged || synced < blob.synced) {
            throw new Violation("I1", "acknowledged length of blob " + id + " fell to " + acknowledged);
        }
        blob.acknowledged = acknowledged;
        blob.synced = synced;
    }

    /** Every blob. */
    public Collection<Blob> blobs() {
        return blobs.values();
    }

    /** A blob, if somebody has begun it. */
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

    /** Acknowledged bytes of one tract. */
    public int acknowledged(TractId tract) {
        return within(tract, blob(tract.blob()).acknowledged);
    }

    /** Synced bytes of one tract. */
    public int synced(TractId tract) {
        return within(tract, blob(tract.blob()).synced);
    }

    private int within(TractId tract, long length) {
        long start = (long) tract.index() * tractSize;
        return (int) Math.max(0, Math.min(tractSize, length - start));
    }

    /** The bytes of a file at some place. */
    public static byte[] contents(long file, long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long mixed = (file * 0x9E3779B97F4A7C15L + offset + i) * 0xff51afd7ed558ccdL;
            bytes[i] = (byte) (mixed >>> 40);
        }
        return bytes;
    }

    /** The bytes of a tract at some place. */
    public byte[] contents(TractId tract, int offset, int length) {
        Blob blob = blob(tract.blob());
        return contents(blob.file, blob.start + (long) tract.index() * tractSize + offset, length);
    }
}
