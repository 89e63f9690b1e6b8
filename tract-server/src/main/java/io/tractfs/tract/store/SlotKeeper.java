package io.tractfs.tract.store;

import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.format.TractSlot;
import io.tractfs.tract.store.OpenTract.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which slot of a tract file holds what (P26). The last synced slot is never overwritten before the next sync is done;
 * while a sync runs, its slot is left alone too, and writes go to the third. Of a file that was opened and is not sealed it is
 * not known which slot was synced: then the file is forced before its first slot is written, and a sync before that lets no
 * write pass beside it. Confined to the holder of the tract's lock.
 */
final class SlotKeeper {
    private static final int NONE = -1;

    private final int era;
    private TractSlot current;
    private boolean cut;

    /** Where the next slot goes, or where the current one is if it is not durable yet. */
    private int at;

    private boolean currentIsAt;
    private int durableAt;
    private int syncingAt = NONE;
    private boolean durableKnown;
    private boolean dirty;
    private boolean onDisk;
    private boolean directoryForced;

    private SlotKeeper(int era, TractSlot current, int at, int durableAt, boolean onDisk) {
        this.era = era;
        this.current = current;
        this.cut = current.cut();
        this.at = at;
        this.currentIsAt = onDisk;
        this.onDisk = onDisk;
        this.durableAt = durableAt;
        this.durableKnown = !onDisk || durableAt != NONE;
        this.dirty = !current.sealed();
        this.directoryForced = current.sealed();
    }

    /** Of a file that is being made. */
    static SlotKeeper fresh(int era, int tractSize) {
        TractSlot none = new TractSlot(
                0, false, false, 0, 0, Generation.ZERO, RowVersion.NONE, 0, 0, ReplicationChange.NONE, era, tractSize);
        return new SlotKeeper(era, none, 0, NONE, false);
    }

    /** Of a file that was there: a sealed slot says what the one before it had made durable. */
    static SlotKeeper loaded(int era, SlotPage page) {
        TractSlot current = page.newest();
        @Nullable TractSlot[] slots = page.all();
        int durableAt = NONE;
        for (int i = 0; i < slots.length; i++) {
            TractSlot slot = slots[i];
            if (current.sealed() && slot != null && slot.sequence() == current.sequence() - 1) {
                durableAt = i;
            }
        }
        return new SlotKeeper(era, current, page.newestIndex(), durableAt, true);
    }

    TractSlot current() {
        return current;
    }

    /**
     * Writes what changed, if anything did: checksums of whole chunks first, then the slot.
     *
     * @param besides whether something else changes with it, so that a sealed slot must not stand
     */
    void write(TractFile file, int length, int tail, Stamp stamp, ChunkRuns whole, boolean besides) throws IOException {
        TractSlot next = new TractSlot(
                current.sequence() + 1,
                false,
                cut,
                length,
                tail,
                stamp.generation(),
                stamp.version(),
                stamp.acknowledgedLength(),
                stamp.replication(),
                stamp.change(),
                era,
                current.tractSize());
        if (!onDisk) {
            ByteBuffer beginning = whole.takeBeginning();
            whole.writeTo(file);
            file.writeBeginning(next, beginning);
        } else {
            whole.writeTo(file);
            boolean same = next.with(current.sequence(), current.sealed(), current.era())
                    .equals(current);
            if (same && !besides && whole.isEmpty()) {
                return;
            }
            if (!durableKnown) {
                file.force();
                durableAt = at;
                durableKnown = true;
                at = free(durableAt, NONE);
            }
            file.writeSlot(at, next);
        }
        onDisk = true;
        currentIsAt = true;
        dirty = true;
        current = next;
    }

    /** From now on slots say that the file may be longer than the tract. */
    void noteCut() {
        cut = true;
    }

    /** Whether everything that was written is on disk. */
    boolean isSynced() {
        return !dirty && syncingAt == NONE;
    }

    /** Whether writes may go on while the file is forced. */
    boolean mayWriteDuringSync() {
        return durableKnown;
    }

    boolean isDirectoryForced() {
        return directoryForced;
    }

    /** To be called before the file is forced. */
    void beginSync() {
        if (currentIsAt) {
            syncingAt = at;
            at = free(durableAt, syncingAt);
            currentIsAt = false;
        } else {
            syncingAt = durableAt;
        }
        dirty = false;
    }

    /** To be called after the file, and its directory, were forced. */
    void endSync() {
        durableAt = syncingAt;
        syncingAt = NONE;
        durableKnown = true;
        directoryForced = true;
    }

    /**
     * After power loss or damage: the slot that was chosen becomes the newest and durable one, those that do not verify are
     * taken away, and the directory is forced later.
     */
    void rewrite(TractFile file, List<Integer> unreadable) throws IOException {
        for (int slot : unreadable) {
            file.clearSlot(slot);
        }
        current = current.with(current.sequence() + 1, false, era);
        file.writeHeader();
        file.writeSlot(at, current);
        file.force();
        durableAt = at;
        durableKnown = true;
        at = free(durableAt, NONE);
        currentIsAt = false;
        dirty = !directoryForced;
    }

    /** Marks a synced tract as such, so that it need not be read after power loss; a lost mark does no harm. */
    void seal(TractFile file) throws IOException {
        if (isSynced() && !current.sealed() && onDisk) {
            current = current.with(current.sequence() + 1, true, era);
            file.writeSlot(at, current);
        }
    }

    private static int free(int one, int other) {
        for (int index = 0; index < TractLayout.SLOTS; index++) {
            if (index != one && index != other) {
                return index;
            }
        }
        throw new AssertionError("more slots in use than there are");
    }
}
