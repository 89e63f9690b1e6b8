package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Family;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One batch of changes as {@link LedgerJournal} keeps it.
 *
 * <pre>
 * 4   length of what follows the checksum
 * 4   CRC32C of it and of the length
 * 8   sequence, one more than the record's before
 * 4   number of changes, then for each: family (1: 0 = rows, 1 = points, 2 =
 *     tombstones, 3 = extras), length of the key (4), key, length of the value (4; -1 = removed), value
 * </pre>
 *
 * All numbers are big-endian. Immutable.
 *
 * @param sequence of the record
 * @param changes of the batch
 * @param size in bytes, in the journal
 */
record LedgerRecord(long sequence, List<Change> changes, int size) {
    private static final int HEAD = 8;
    private static final int REMOVED = -1;

    /** The place of a family is its code. */
    private static final List<Family> FAMILIES = List.of(Family.ROWS, Family.POINTS, Family.TOMBSTONES, Family.EXTRAS);

    static ByteBuffer encode(long sequence, List<Change> changes) {
        int length = Long.BYTES + Integer.BYTES;
        for (Change change : changes) {
            @Nullable Bytes value = change.value();
            length += 1 + 2 * Integer.BYTES + change.key().array().length + (value == null ? 0 : value.array().length);
        }
        ByteBuffer target = ByteBuffer.allocate(HEAD + length);
        target.putInt(length).putInt(0).putLong(sequence).putInt(changes.size());
        for (Change change : changes) {
            @Nullable Bytes value = change.value();
            target.put((byte) FAMILIES.indexOf(change.family()));
            target.putInt(change.key().array().length).put(change.key().array());
            target.putInt(value == null ? REMOVED : value.array().length);
            target.put(value == null ? new byte[0] : value.array());
        }
        return target.putInt(Integer.BYTES, checksum(target.clear(), length)).clear();
    }

    /** The record at a place, if there is one that verifies. */
    static Optional<LedgerRecord> at(ByteBuffer journal, int place) {
        if (journal.limit() - place < HEAD) {
            return Optional.empty();
        }
        int length = journal.getInt(place);
        if (length < 0 || length > journal.limit() - place - HEAD) {
            return Optional.empty();
        }
        ByteBuffer record = journal.slice(place, HEAD + length);
        if (record.getInt(Integer.BYTES) != checksum(record, length)) {
            return Optional.empty();
        }
        return decode(record.position(HEAD));
    }

    private static Optional<LedgerRecord> decode(ByteBuffer source) {
        try {
            long sequence = source.getLong();
            List<Change> changes = new ArrayList<>();
            for (int left = source.getInt(); left > 0; left--) {
                Family family = FAMILIES.get(source.get());
                Bytes key = bytes(source, source.getInt());
                int length = source.getInt();
                changes.add(new Change(family, key, length == REMOVED ? null : bytes(source, length)));
            }
            return Optional.of(new LedgerRecord(sequence, changes, source.limit()));
        } catch (BufferUnderflowException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            // The checksum of anything can be right by chance.
            return Optional.empty();
        }
    }

    private static Bytes bytes(ByteBuffer source, int length) {
        if (length > source.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return Bytes.of(bytes);
    }

    private static int checksum(ByteBuffer record, int length) {
        return ChunkChecksums.plain(record.slice(HEAD, length)) ^ Integer.reverse(length);
    }
}
