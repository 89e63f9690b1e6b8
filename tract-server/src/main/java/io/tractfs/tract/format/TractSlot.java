package io.tractfs.tract.format;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What changes of a tract. One slot is the last synced one and is left alone until the next sync (P26); another is
 * overwritten meanwhile. The slot with the highest sequence whose bytes verify is the tract.
 *
 * <pre>
 * 0   4  magic "SLOT"
 * 4   3  number of the last change of the replication, 0 if there was none (P33)
 * 7   1  flags: 1 = sealed, nothing that this slot says was unsynced when it was written; 2 = the tract was cut once, so
 *        the file may have bytes beyond the length
 * 8   8  sequence, grows with each slot of the file
 * 16  4  length of the tract
 * 20  4  checksum of the last chunk if that is partial, else 0; bound to tract and chunk
 * 24  8  generation
 * 32  8  row version of the last write
 * 40  8  acknowledged length of the segment (P21)
 * 48  2  the other replication of a change under way, 0 if there is none (P33)
 * 50  2  replication of the segment
 * 52  4  era: number of power losses that the store has seen
 * 56  4  tract size, so that a damaged header can be made again
 * 60  4  CRC32C of bytes 0 to 60
 * </pre>
 *
 * All numbers are big-endian. Immutable.
 */
public record TractSlot(
        long sequence,
        boolean sealed,
        boolean cut,
        int length,
        int tailChecksum,
        Generation generation,
        RowVersion version,
        long acknowledgedLength,
        int replication,
        ReplicationChange change,
        int era,
        int tractSize) {
    /** Bytes of a slot. */
    public static final int SIZE = 64;

    /** Bytes of both copies. */
    public static final int BOTH = 2 * SIZE;

    private static final int MAGIC = 0x534C_4F54;
    private static final int SEALED = 1;
    private static final int CUT = 2;
    private static final int FLAG_BITS = 8;
    private static final int REPLICATION_BITS = 16;
    private static final int REPLICATION_MASK = 0x7FFF;
    private static final int CRC_AT = SIZE - Integer.BYTES;

    /** Writes the slot as it is in a file, two copies in different sectors, at the buffer's position. */
    public void encodeTwice(ByteBuffer target) {
        encode(target);
        encode(target);
    }

    /** Reads the newer copy that verifies from the buffer's position, which stays. */
    public static Optional<TractSlot> decodeEither(ByteBuffer source) {
        Optional<TractSlot> first = decode(source);
        Optional<TractSlot> second = decode(source.duplicate().position(source.position() + SIZE));
        boolean newer = first.isEmpty()
                || (second.isPresent() && second.get().sequence() > first.get().sequence());
        return newer ? second : first;
    }

    /** Writes one copy of the slot at the buffer's position. */
    public void encode(ByteBuffer target) {
        int start = target.position();
        target.putInt(MAGIC)
                .putInt(change.number() << FLAG_BITS | (sealed ? SEALED : 0) | (cut ? CUT : 0))
                .putLong(sequence)
                .putInt(length)
                .putInt(tailChecksum);
        target.putLong(generation.value()).putLong(version.value()).putLong(acknowledgedLength);
        target.putInt(change.other() << REPLICATION_BITS | replication)
                .putInt(era)
                .putInt(tractSize);
        target.putInt(ChunkChecksums.plain(target.slice(start, CRC_AT)));
    }

    /** Reads a slot from the buffer's position, which stays; empty if there is none that verifies. */
    public static Optional<TractSlot> decode(ByteBuffer source) {
        int start = source.position();
        if (source.remaining() < SIZE
                || source.getInt(start) != MAGIC
                || ChunkChecksums.plain(source.slice(start, CRC_AT)) != source.getInt(start + CRC_AT)) {
            return Optional.empty();
        }
        int replications = source.getInt(start + 48);
        return Optional.of(new TractSlot(
                source.getLong(start + 8),
                (source.getInt(start + 4) & SEALED) != 0,
                (source.getInt(start + 4) & CUT) != 0,
                source.getInt(start + 16),
                source.getInt(start + 20),
                new Generation(source.getLong(start + 24)),
                new RowVersion(source.getLong(start + 32)),
                source.getLong(start + 40),
                replications & REPLICATION_MASK,
                new ReplicationChange(
                        source.getInt(start + 4) >>> FLAG_BITS, replications >>> REPLICATION_BITS & REPLICATION_MASK),
                source.getInt(start + 52),
                source.getInt(start + 56)));
    }

    /** The same content under another sequence. */
    public TractSlot with(long newSequence, boolean newSealed, int newEra) {
        return new TractSlot(
                newSequence,
                newSealed,
                cut,
                length,
                tailChecksum,
                generation,
                version,
                acknowledgedLength,
                replication,
                change,
                newEra,
                tractSize);
    }
}
