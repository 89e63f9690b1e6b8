package io.tractfs.tract.store;

import io.netty.buffer.ByteBuf;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.tract.format.ReplicationChange;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The tracts of one store. Knows nothing of rows' versions beyond the number stamped on each write; whether a request is
 * admitted is decided before (version gate). Calls about one tract are serialised by the implementation; calls about
 * different tracts run in parallel. Every method may block on the disk. A failed write or sync marks the store failed
 * for good: this and every later call throws STORE_FAILED; "no space" alone is DISK_FULL and leaves the store working.
 * Thread-safe.
 */
public interface TractStorage extends AutoCloseable {
    /** What is held of a tract; empty if nothing is (a fence record counts as something). */
    Optional<TractState> state(TractId tract) throws TractException;

    /**
     * Keeps bytes. Verified against the pieces' checksums first (CHECKSUM_MISMATCH). Bytes that are there already must be
     * equal (CONFLICTING_BYTES), what is new is kept; all or nothing is acknowledged. Survives kill -9 when it returns, and
     * power loss too if the write says sync.
     *
     * @return the state after the write
     * @throws TractException GENERATION_FENCED, GAP (unless the write allows ranges), CHECKSUM_MISMATCH,
     *     CONFLICTING_BYTES, DISK_FULL, STORE_FAILED
     */
    TractState write(TractWrite write) throws TractException;

    /** Puts everything held of a tract on disk. */
    TractState sync(TractId tract) throws TractException;

    /**
     * Opens a range for reading, captured together with its checksums; at the end of the tract it is shorter, possibly
     * empty.
     *
     * @throws TractException TRACT_NOT_FOUND, DAMAGED, STORE_FAILED
     */
    TractSlice read(TractId tract, int offset, int length) throws TractException;

    /**
     * Where the bytes of a tract are on this machine; empty if they are not in a file, or not sound from 0 on.
     *
     * @throws TractException TRACT_NOT_FOUND
     */
    Optional<TractLocation> locate(TractId tract) throws TractException;

    /** Raises the generation, durably, making a fence record where there is no tract; lower ones are GENERATION_FENCED. */
    TractState fence(TractId tract, Generation generation, int replication, int tractSize) throws TractException;

    /**
     * Changes the replication of a tract, durably (P33).
     *
     * @throws TractException TRACT_NOT_FOUND; STALE_ORDER if a later step is held
     */
    TractState replicate(TractId tract, int replication, ReplicationChange step) throws TractException;

    /**
     * Moves a surplus copy to trash, durably (P33); it is no error if there is none.
     *
     * @throws TractException STALE_ORDER if a later step than this number is held
     */
    void trim(TractId tract, int number) throws TractException;

    /** Cuts to a length, durably; GENERATION_FENCED if a higher generation is held. */
    TractState cut(TractId tract, Generation generation, int length) throws TractException;

    /** Records a higher acknowledged length of the segment (P21); lower ones change nothing. */
    void acknowledge(TractId tract, long acknowledgedLength) throws TractException;

    /** Tracts of a row in order, from after one on. */
    List<TractState> list(int row, @Nullable TractId after, int limit) throws TractException;

    /**
     * Takes over one tract's stretch from another store (reconcile): never lowers generation, length or version, never
     * replaces bytes that are held undamaged; fills gaps below ranges and overlays what overlaps after comparing it.
     */
    TractState reconcile(ReconciledBytes bytes) throws TractException;

    /**
     * Records that no source can give a stretch (P25): what is not held of it counts as damaged, into the length, so that
     * the rest of the tract can be complete. Any verified copy heals it later. Of a source that says nothing usable itself
     * ({@link TractState#isUnreadable}) only that is taken over, and only where nothing is here.
     *
     * @param source the tract as a source holds it, as in {@link ReconciledBytes}
     * @param from a multiple of the chunk size
     * @param to byte after the last
     */
    TractState recordLost(TractState source, int row, int from, int to) throws TractException;

    /**
     * Damage from some offset on is none: a holder that is whole and sound ends there. Nothing that is held is touched; a
     * tract that cannot be used at all is set aside.
     */
    void dropDamage(TractId tract, int from) throws TractException;

    /** Verifies every byte of a tract; marks what does not verify as damaged. */
    TractState verify(TractId tract) throws TractException;

    /** Tracts in order that cannot be used or have damage, as far as that was found out. */
    List<TractState> damaged(@Nullable TractId after, int limit) throws TractException;

    /**
     * Looks among the next tracts for some that were synced and are not there any more; they count as damaged from then on.
     *
     * @return the tract after which to go on; empty at the end
     */
    Optional<TractId> lookForLost(@Nullable TractId after, int limit) throws TractException;

    /** Verifies what the store keeps besides tracts; damage there fails the store. */
    void verifyMetadata() throws TractException;

    /** Moves all tracts of a blob to trash, durably; absent ones are no error. */
    default void remove(BlobId blob) throws TractException {
        removeAll(List.of(blob));
    }

    /** Moves all tracts of these blobs to trash, durably; cheaper than one by one. */
    void removeAll(Collection<BlobId> blobs) throws TractException;

    /** Moves all tracts of a row to trash, durably. */
    void removeRow(int row) throws TractException;

    /** Blobs that have at least one tract in trash, each once (P30). */
    List<BlobId> trashedBlobs() throws TractException;

    /**
     * Takes tracts back from trash, durably, where none has their place (P30).
     *
     * @param blobs blobs of them
     * @param rows rows of which this store is a member; others stay in trash
     * @return how many came back
     */
    int takeBack(Collection<BlobId> blobs, IntPredicate rows) throws TractException;

    /** Blobs that have at least one tract here, each once, ascending, from after one on (for the garbage question, P32). */
    List<BlobId> blobs(@Nullable BlobId after, int limit) throws TractException;

    /** Upkeep, to be called every few seconds: syncs what has been dirty for long. */
    void maintain() throws TractException;

    /**
     * Removes for good what has been in trash for long enough, or for however short a time if the disk is nearly full. Only
     * while a leader says that it may go: until then a namespace that is restored from a copy may refer to it (P30).
     */
    void purgeTrash() throws TractException;

    /** What the disk really holds, for checks and repairs. */
    TractInventory inventory();

    /** Space and counts. */
    StorageSpace space();

    /** What made the store fail; empty while it works. */
    Optional<String> failure();

    @Override
    void close();

    /**
     * Bytes to keep.
     *
     * @param tract the tract
     * @param row its row
     * @param versionValue row version stamped on the write
     * @param generation of the writer
     * @param offset in the tract
     * @param pieces 4 bytes big-endian per chunk piece, bound to place; not released by the callee
     * @param data the bytes; not released by the callee
     * @param tractSize of the segment
     * @param replication of the segment
     * @param acknowledgedLength of the segment (P21)
     * @param allowRanges whether a gap before the bytes is kept as a range (recovering member)
     * @param sync whether it is on disk before the call returns
     */
    record TractWrite(
            TractId tract,
            int row,
            long versionValue,
            Generation generation,
            int offset,
            ByteBuffer pieces,
            ByteBuf data,
            int tractSize,
            int replication,
            long acknowledgedLength,
            boolean allowRanges,
            boolean sync) {}

    /**
     * A stretch of a tract as another store holds it; begins at a chunk's edge.
     *
     * @param source the state at the source (generation, version, replication, tractSize…)
     * @param row its row
     * @param offset in the tract, a multiple of the chunk size
     * @param checksums bound chunk checksums as the source keeps them
     * @param data the bytes; empty to take over generation and fence only
     */
    record ReconciledBytes(TractState source, int row, int offset, ByteBuffer checksums, ByteBuffer data) {}

    /**
     * Space of a store in bytes.
     *
     * @param capacity of the disk
     * @param used by tracts
     * @param free for tracts, the reserve taken off
     * @param tractCount tracts held
     * @param writeSequence count of writes, grows over restarts (P7)
     */
    record StorageSpace(long capacity, long used, long free, long tractCount, long writeSequence) {}
}
