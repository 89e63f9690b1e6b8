package io.tractfs.tract.format;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import java.nio.ByteBuffer;

/**
 * The beginning of a tract file; written once.
 *
 * <pre>
 * 0   8  magic "TRACTFIL"
 * 8   4  format version, 1
 * 12  4  bytes of the header, 64
 * 16  4  feature bits: compatible
 * 20  4  feature bits: read-only (an older program may read, not write)
 * 24  4  feature bits: incompatible
 * 28  4  tract size in bytes
 * 32  8  blob id
 * 40  4  index of the tract in the blob
 * 44  4  chunk size, 512
 * 48  4  offset of the checksums
 * 52  4  offset of the data
 * 56  4  zero
 * 60  4  CRC32C of bytes 0 to 60
 * </pre>
 *
 * All numbers are big-endian. Magic, version and checksum stay where they are in every later layout. Immutable.
 *
 * @param tract the tract
 * @param tractSize most bytes it can have
 */
public record TractHeader(TractId tract, int tractSize) {
    /** Bytes of the header. */
    public static final int SIZE = 64;

    /** The layout that this program writes. */
    public static final int VERSION = 1;

    private static final long MAGIC = 0x5452_4143_5446_494CL;
    private static final int CRC_AT = SIZE - Integer.BYTES;

    /** Writes the header at the buffer's position. */
    public void encode(ByteBuffer target) {
        int start = target.position();
        target.putLong(MAGIC).putInt(VERSION).putInt(SIZE);
        target.putInt(0).putInt(0).putInt(0).putInt(tractSize);
        target.putLong(tract.blob().value()).putInt(tract.index()).putInt(ChunkChecksums.CHUNK_SIZE);
        target.putInt(TractLayout.CHECKSUMS).putInt(TractLayout.data(tractSize)).putInt(0);
        target.putInt(ChunkChecksums.plain(target.slice(start, CRC_AT)));
    }

    /**
     * Reads a header from the buffer's position.
     *
     * @throws FormatException if it is not a header, damaged, or of a newer layout
     */
    public static TractHeader decode(ByteBuffer source) throws FormatException {
        if (source.remaining() < SIZE || source.getLong(source.position()) != MAGIC) {
            throw new FormatException("not a tract file: no magic number");
        }
        int start = source.position();
        if (ChunkChecksums.plain(source.slice(start, CRC_AT)) != source.getInt(start + CRC_AT)) {
            throw new FormatException("header of a tract file does not verify");
        }
        int version = source.getInt(start + 8);
        if (version > VERSION) {
            throw new FormatException(
                    "tract file has layout version " + version + ", this program knows up to " + VERSION, true);
        }
        checkFeatures(source.getInt(start + 20), source.getInt(start + 24));
        int tractSize = source.getInt(start + 28);
        TractId tract = new TractId(new BlobId(source.getLong(start + 32)), source.getInt(start + 40));
        source.position(start + SIZE);
        return new TractHeader(tract, tractSize);
    }

    private static void checkFeatures(int readOnly, int incompatible) throws FormatException {
        if (readOnly != 0 || incompatible != 0) {
            throw new FormatException(
                    "tract file has unknown features: read-only " + Integer.toHexString(readOnly) + ", incompatible "
                            + Integer.toHexString(incompatible),
                    true);
        }
    }
}
