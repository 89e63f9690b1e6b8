package io.tractfs.tract.format;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import java.util.Locale;

/**
 * Where things are in a tract file, and where the file is.
 *
 * <pre>
 * 0         header: what never changes ({@link TractHeader})
 * 448       slot 0 \
 * 960       slot 1  } what changes: length, generation, version…, two copies of 64 bytes each ({@link TractSlot})
 * 1472      slot 2 /
 * 2048      checksums: 4 bytes big-endian for each whole chunk of 512 bytes, bound to tract and chunk
 * data      data: at 2048 + 4 * chunks, rounded up to 4096 (69632 for a tract of 8 MiB)
 * </pre>
 *
 * The two copies of a slot are in different sectors of 512 bytes, so that a torn write or
 * a bad sector leaves one of them, and the other slots. The file is sparse: a small tract
 * takes a page for header, slots and its first 512 checksums, and its data. A tract is in the directory of its bucket,
 * {@code (hash(blob) + index) mod 4096}, so a row's tracts are found without an index whatever the number of rows:
 * {@code tracts/<bucket, 3 hexadecimal digits>/<blob, 16 hexadecimal digits>-<index>}. Pure.
 */
public final class TractLayout {
    /** Bytes of a sector, which is written whole or not at all. */
    public static final int SECTOR = 512;

    /** The number of slots: the last synced one, one that is being synced, one that takes writes meanwhile. */
    public static final int SLOTS = 3;

    /** Where the checksums begin; header and slots are before. */
    public static final int CHECKSUMS = SECTOR * (SLOTS + 1);

    /** Directories that tracts are spread over. */
    public static final int BUCKETS = 4096;

    /** The directory above the buckets. */
    public static final String TRACTS = "tracts";

    private static final int PAGE = 4096;

    private TractLayout() {}

    /** Where a slot is: its first copy ends a sector, its second begins the next. */
    public static int slot(int index) {
        return SECTOR * (index + 1) - TractSlot.SIZE;
    }

    /** Where the checksum of a chunk is. */
    public static long checksum(int chunk) {
        return CHECKSUMS + (long) chunk * Integer.BYTES;
    }

    /** Where the data of a tract of some size begins. */
    public static int data(int tractSize) {
        int end = CHECKSUMS + ChunkChecksums.chunkCount(tractSize) * Integer.BYTES;
        return (end + PAGE - 1) / PAGE * PAGE;
    }

    /** The bucket of a tract. */
    public static int bucket(TractId tract) {
        return RowHash.rowOf(tract, BUCKETS);
    }

    /** The directory of a bucket. */
    public static String directory(int bucket) {
        return TRACTS + String.format(Locale.ROOT, "/%03x", bucket);
    }

    /** The file of a tract. */
    public static String file(TractId tract) {
        return directory(bucket(tract)) + "/" + tract;
    }
}
