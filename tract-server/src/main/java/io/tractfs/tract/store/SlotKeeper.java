package io.tractfs.tract.store;

import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.format.TractSlot;
import io.tractfs.tract.store.OpenTract.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Which slot of a tract file holds what (P26). The last synced slot is never overwritten before the next sync is done;
 * while a sync runs, its slot is left alone too, and writes go to the third. After a start it is not known which slot was
 * synced: then the newest one is overwritten in place, the others are left alone, and the next sync lets no write pass
 * beside it. Confined to the holder of the tract's lock.
 */
final class SlotKeeper {
    private static final int NONE = -1;

    private final int era;
    private TractSlot current;
    private int at;
    private int durableAt;
    private int syncingAt = NONE;
    private boolean durableKnown;
    private boolean dirty;
    private boolean onDisk;
    private boolean directoryForced;

    private SlotKeeper(int era, TractSlot current, int at, boolean onDisk) {
        this.era = era;
        this.current = current;
        this.at = at;
        this.onDisk = onDisk;
        this.durableAt = NONE;
        this.durableKnown = !onDisk;
        this.dirty = !current.sealed();
        this.directoryForced = current.sealed();
    }

    /** Of a file that is being made. */
    static SlotKeeper fresh(int era, int tractSize) {
        return new SlotKeeper(
                era, new TractSlot(0, false, 0, 0, Generation.ZERO, RowVersion.NONE, 0, 0, era, tractSize), 0, false);
    }

    /** Of a file that was there. */
    static SlotKeeper loaded(int era, TractSlot newest, int at) {
        return new SlotKeeper(era, newest, at, true);
    }

    TractSlot current() {
        return current;
    }

    /** Writes what changed, if anything did: checksums of whole chunks first, then the slot. */
    void write(TractFile file, int length, int tail, Stamp stamp, ChunkRuns whole) throws IOException {
        TractSlot next = new TractSlot(
                current.sequence() + 1,
                false,
                length,
                tail,
                stamp.generation(),
                stamp.version(),
                stamp.acknowledgedLength(),
                stamp.replication(),
                era,
                current.tractSize());
        if (!onDisk) {
            ByteBuffer beginning = whole.takeBeginning();
            whole.writeTo(file);
            file.writeBeginning(next, beginning);
        } else {
            whole.writeTo(file);
            if (next.with(current.sequence(), current.sealed(), current.era()).equals(current)) {
                dirty |= !whole.isEmpty();
                return;
            }
            file.writeSlot(at, next);
        }
        onDisk = true;
        dirty = true;
        current = next;
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
        syncingAt = at;
        at = free(durableAt, syncingAt);
        dirty = false;
    }

    /** To be called after the file, and its directory, were forced. */
    void endSync() {
        durableAt = syncingAt;
        syncingAt = NONE;
        durableKnown = true;
        directoryForced = true;
    }

    /** After power loss: the slot that was chosen becomes the newest and durable one, and the directory is forced later. */
    void rewrite(TractFile file) throws IOException {
        current = current.with(current.sequence() + 1, false, era);
        file.writeHeader();
        file.writeSlot(at, current);
        file.force();
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
