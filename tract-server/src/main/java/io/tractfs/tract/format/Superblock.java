package io.tractfs.tract.format;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What a store says of itself, in two copies ({@code superblock.0}, {@code superblock.1}) that are written in turn, each
 * forced; the copy with the highest sequence that verifies counts.
 *
 * <pre>
 * 0    8  magic "TRACTSTO"
 * 8    4  format version, 1
 * 12   4  zero
 * 16   8  feature bits: compatible
 * 24   8  feature bits: read-only (an older program may read, not write)
 * 32   8  feature bits: incompatible
 * 40  16  cluster id
 * 56  16  store id
 * 72   8  sequence of this copy
 * 80   8  incarnation: starts of this store (P6)
 * 88  16  boot id of the machine at the last start (P7)
 * 104  4  flags: 1 = closed cleanly
 * 108  4  era: power losses seen
 * 112  8  write sequence leased: more than any write that was counted (P7)
 * 120  4  rows N of the cluster, 0 until the store has heard it
 * 124  8  incarnation that a power loss ended, while rows are left that no plan has judged since; else 0 (P7)
 * 508  4  CRC32C of bytes 0 to 508
 * </pre>
 *
 * All numbers are big-endian. Magic, version and checksum stay where they are in every later layout. Immutable.
 */
public record Superblock(
        ClusterId cluster,
        StoreId store,
        long sequence,
        Incarnation incarnation,
        UUID bootId,
        boolean clean,
        int era,
        long writeSequenceLease,
        int rows,
        Incarnation uncleanThrough) {
    /** Bytes of a copy: one sector. */
    public static final int SIZE = 512;

    /** The layout that this program writes. */
    public static final int VERSION = 1;

    private static final long MAGIC = 0x5452_4143_5453_544FL;
    private static final int CLEAN = 1;
    private static final int CRC_AT = SIZE - Integer.BYTES;

    /** The superblock of a store that is being formatted. */
    public static Superblock fresh(ClusterId cluster, StoreId store) {
        return new Superblock(cluster, store, 0, Incarnation.NONE, new UUID(0, 0), true, 0, 0, 0, Incarnation.NONE);
    }

    /** The same under another sequence. */
    public Superblock withSequence(long newSequence) {
        return new Superblock(
                cluster, store, newSequence, incarnation, bootId, clean, era, writeSequenceLease, rows, uncleanThrough);
    }

    /** At a start: the incarnation is raised, the clean mark is off; what no plan has judged stays so. */
    public Superblock started(Incarnation start, UUID boot, boolean lostPower, int newEra, long lease) {
        return new Superblock(
                cluster,
                store,
                sequence,
                start,
                boot,
                false,
                newEra,
                lease,
                rows,
                lostPower ? incarnation : uncleanThrough);
    }

    /** After every row was judged since a power loss. */
    public Superblock judged() {
        return new Superblock(
                cluster, store, sequence, incarnation, bootId, clean, era, writeSequenceLease, rows, Incarnation.NONE);
    }

    /** The disk is an old copy: nothing that any start held before is trusted, write numbers go on above those that were seen. */
    public Superblock behind(long lease) {
        return new Superblock(
                cluster,
                store,
                sequence,
                incarnation,
                bootId,
                clean,
                era,
                Math.max(writeSequenceLease, lease),
                rows,
                incarnation);
    }

    /** Another start is registered: the next one will be above it. */
    public Superblock outranked(Incarnation registered) {
        return new Superblock(
                cluster,
                store,
                sequence,
                registered.compareTo(incarnation) > 0 ? registered : incarnation,
                bootId,
                clean,
                era,
                writeSequenceLease,
                rows,
                uncleanThrough);
    }

    /** With a longer lease of write numbers. */
    public Superblock withWriteSequenceLease(long lease) {
        return new Superblock(cluster, store, sequence, incarnation, bootId, clean, era, lease, rows, uncleanThrough);
    }

    /** With the number of rows. */
    public Superblock withRows(int rowCount) {
        return new Superblock(
                cluster,
                store,
                sequence,
                incarnation,
                bootId,
                clean,
                era,
                writeSequenceLease,
                rowCount,
                uncleanThrough);
    }

    /** With the clean mark. */
    public Superblock closed() {
        return new Superblock(
                cluster, store, sequence, incarnation, bootId, true, era, writeSequenceLease, rows, uncleanThrough);
    }

    /** The file of the copy that has a sequence. */
    public static String file(long sequence) {
        return "superblock." + (sequence & 1);
    }

    /** The bytes of a copy. */
    public ByteBuffer encode() {
        ByteBuffer target = ByteBuffer.allocate(SIZE);
        target.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(0).putLong(0).putLong(0);
        putUuid(target, cluster.value());
        putUuid(target, store.value());
        target.putLong(sequence).putLong(incarnation.value());
        putUuid(target, bootId);
        target.putInt(clean ? CLEAN : 0)
                .putInt(era)
                .putLong(writeSequenceLease)
                .putInt(rows)
                .putLong(uncleanThrough.value());
        target.putInt(CRC_AT, ChunkChecksums.plain(target.slice(0, CRC_AT)));
        return target.clear();
    }

    /**
     * Reads a copy.
     *
     * @throws FormatException if it is not a superblock, damaged, or of a newer layout; names both versions
     */
    public static Superblock decode(ByteBuffer source) throws FormatException {
        if (source.remaining() < SIZE || source.getLong(0) != MAGIC) {
            throw new FormatException("not a superblock: no magic number");
        }
        if (ChunkChecksums.plain(source.slice(0, CRC_AT)) != source.getInt(CRC_AT)) {
            throw new FormatException("superblock does not verify");
        }
        int version = source.getInt(8);
        if (version > VERSION) {
            throw new FormatException(
                    "store has layout version " + version + ", this program knows up to version " + VERSION, true);
        }
        if (source.getLong(24) != 0 || source.getLong(32) != 0) {
            throw new FormatException(
                    "superblock has unknown features: read-only " + Long.toHexString(source.getLong(24))
                            + ", incompatible " + Long.toHexString(source.getLong(32)),
                    true);
        }
        return new Superblock(
                new ClusterId(uuid(source, 40)),
                new StoreId(uuid(source, 56)),
                source.getLong(72),
                new Incarnation(source.getLong(80)),
                uuid(source, 88),
                (source.getInt(104) & CLEAN) != 0,
                source.getInt(108),
                source.getLong(112),
                source.getInt(120),
                new Incarnation(source.getLong(124)));
    }

    private static void putUuid(ByteBuffer target, UUID id) {
        target.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer source, int at) {
        return new UUID(source.getLong(at), source.getLong(at + 8));
    }
}
