package io.tractfs.sim.check;

import io.tractfs.id.BlobId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.store.StoreDisk;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractSlice;
import io.tractfs.tract.store.TractState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the disks to I1 and I4: every holder of a class has all acknowledged bytes of it, with the right contents, at
 * every instant; a tract's generation, length and version never fall; a row's version never falls on a disk; synced bytes
 * survive a power loss. Not thread-safe.
 */
public final class DurabilityChecker implements StoreDisk.Witness {
    private final Truth truth;
    private final Holders holders;
    private final Map<StoreDisk, Map<Integer, RowVersion>> versions = new HashMap<>();

    /** A checker. */
    public DurabilityChecker(Truth truth, Holders holders) {
        this.truth = truth;
        this.holders = holders;
    }

    @Override
    public void persisted(StoreDisk disk, HeldRow held) {
        int row = held.row().index();
        RowVersion version = held.row().version();
        RowVersion before =
                versions.computeIfAbsent(disk, absent -> new HashMap<>()).put(row, version);
        if (before != null && version.isBefore(before)) {
            throw new Violation("I2", disk + " row " + row + " fell from " + before + " to " + version);
        }
        if (before != null && version.isAfter(before)) {
            holders.judged(disk, row);
        }
        for (Truth.Blob blob : truth.blobs()) {
            checkTracts(disk, blob, row);
        }
    }

    @Override
    public void changed(StoreDisk disk, TractState before, TractState after) {
        boolean fell = after.length() < before.length()
                || after.generation().compareTo(before.generation()) < 0
                || after.version().isBefore(before.version());
        if (fell) {
            throw new Violation("I4", disk + ": " + before + " became " + after);
        }
    }

    @Override
    public void lostPower(StoreDisk disk) {
        for (Truth.Blob blob : truth.blobs()) {
            for (int index = 0; (long) index * truth.tractSize() < blob.synced(); index++) {
                TractId tract = new TractId(blob.id(), index);
                int row = holders.rowOf(tract);
                if (holders.isHolder(disk, row, blob.replication())) {
                    check("hsync", disk, tract, truth.synced(blob, tract));
                }
            }
        }
        holders.doubt(disk);
    }

    /**
     * Whether a power loss now takes nothing that counts: whatever the disk has and is not synced, another holder has too,
     * one that runs and is not behind (P24).
     *
     * @param running disks whose processes run
     */
    public boolean mayLosePower(StoreDisk disk, Set<StoreDisk> running) {
        for (Truth.Blob blob : truth.blobs()) {
            for (int index = 0; (long) index * truth.tractSize() <= blob.promised() + truth.windowBytes(); index++) {
                TractId tract = new TractId(blob.id(), index);
                int held = Math.min(
                        truth.within(tract, blob.end()),
                        disk.state(tract).map(TractState::length).orElse(0));
                boolean alone = running.stream()
                        .noneMatch(other -> other != disk && isAsGood(other, disk, tract, blob.replication()));
                if (alone && held > truth.synced(blob, tract)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isAsGood(StoreDisk other, StoreDisk disk, TractId tract, int replication) {
        int row = holders.rowOf(tract);
        return holders.isHolder(other, row, replication)
                && !versionOf(other, row).isBefore(versionOf(disk, row));
    }

    private static RowVersion versionOf(StoreDisk disk, int row) {
        @Nullable HeldRow held = disk.rows().get(row);
        return held == null ? RowVersion.NONE : held.row().version();
    }

    /** Takes note of a writer's progress, and checks what is new. */
    public void progress(BlobId id, long acknowledged, long synced) {
        Truth.@Nullable Blob blob = truth.find(id);
        long before = blob == null ? 0 : blob.promised();
        truth.progress(id, acknowledged, synced);
        if (blob != null) {
            checkFrom(blob, before);
        }
    }

    /** Takes note of what a reader saw of a file that is being written, and checks what is new. */
    public void seen(BlobId id, long length) {
        Truth.@Nullable Blob blob = truth.find(id);
        long before = blob == null ? 0 : blob.promised();
        truth.seen(id, length);
        if (blob != null) {
            checkFrom(blob, before);
        }
    }

    private void checkFrom(Truth.Blob blob, long before) {
        for (int index = (int) (before / truth.tractSize());
                (long) index * truth.tractSize() < blob.promised();
                index++) {
            TractId tract = new TractId(blob.id(), index);
            for (StoreDisk disk : holders.disks()) {
                if (holders.isHolder(disk, holders.rowOf(tract), blob.replication())) {
                    check("I1", disk, tract, truth.promised(blob, tract));
                }
            }
        }
    }

    /** Checks every tract on every disk. */
    public void checkAll() {
        for (StoreDisk disk : holders.disks()) {
            for (Truth.Blob blob : truth.blobs()) {
                checkTracts(disk, blob, -1);
            }
        }
    }

    /** Checks that every promised byte has a holder. */
    public void checkHeld() {
        for (Truth.Blob blob : truth.blobs()) {
            for (int index = 0; (long) index * truth.tractSize() < blob.promised(); index++) {
                TractId tract = new TractId(blob.id(), index);
                if (holders.disks().stream()
                        .noneMatch(disk -> holders.isHolder(disk, holders.rowOf(tract), blob.replication()))) {
                    throw new Violation("I1", "nobody holds tract " + tract + " of row " + holders.rowOf(tract));
                }
            }
        }
    }

    private void checkTracts(StoreDisk disk, Truth.Blob blob, int onlyRow) {
        for (int index = 0; (long) index * truth.tractSize() < blob.promised(); index++) {
            TractId tract = new TractId(blob.id(), index);
            int row = holders.rowOf(tract);
            if ((onlyRow < 0 || onlyRow == row) && holders.isHolder(disk, row, blob.replication())) {
                check("I1", disk, tract, truth.promised(blob, tract));
            }
        }
    }

    private void check(String invariant, StoreDisk disk, TractId tract, int length) {
        Optional<TractState> state = disk.state(tract);
        int held = state.map(TractState::length).orElse(0);
        if (held < length || !state.map(TractState::damaged).orElseThrow().isEmpty()) {
            throw new Violation(
                    invariant,
                    disk + " is a holder of row " + holders.rowOf(tract) + " at "
                            + Objects.requireNonNull(disk.rows().get(holders.rowOf(tract)))
                                    .row()
                                    .version()
                            + ", has " + held + " of " + length + " promised bytes of tract " + tract + " (" + state
                            + ")");
        }
    }

    /** Checks the contents of what a disk has of a tract. */
    void checkContents(StoreDisk disk, TractId tract, int length) {
        try (TractSlice slice = disk.tracts().read(tract, 0, length)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.min(length, slice.dataLength()));
            slice.channel().read(bytes, slice.channelPosition());
            byte[] expected = truth.contents(tract, 0, length);
            if (!Arrays.equals(bytes.array(), expected)) {
                throw new Violation("I7", disk + " has wrong bytes in tract " + tract);
            }
        } catch (IOException e) {
            throw new Violation("I7", disk + " cannot read tract " + tract + ": " + e);
        }
    }
}
