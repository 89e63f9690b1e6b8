package io.tractfs.sim.check;

import io.tractfs.id.BlobId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.store.StoreDisk;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
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
    private final Set<TractId> struck = new HashSet<>();

    /** A checker. */
    public DurabilityChecker(Truth truth, Holders holders) {
        this.truth = truth;
        this.holders = holders;
    }

    @Override
    public void persisted(StoreDisk disk, HeldRow held, boolean merging) {
        int row = held.row().index();
        RowVersion version = held.row().version();
        RowVersion before =
                versions.computeIfAbsent(disk, absent -> new HashMap<>()).put(row, version);
        if (before != null && version.isBefore(before)) {
            throw new Violation("I2", disk + " row " + row + " fell from " + before + " to " + version);
        }
        if (before != null && version.isAfter(before)) {
            holders.judged(disk, row, merging);
        }
        check(disk, row);
    }

    private void check(StoreDisk disk, int row) {
        for (Truth.Blob blob : truth.blobs()) {
            checkTracts(disk, blob, row);
        }
    }

    @Override
    public void merged(StoreDisk disk, int row) {
        holders.merged(disk, row);
        check(disk, row);
    }

    @Override
    public void replaced(StoreDisk disk) {
        Map<Integer, RowVersion> held = new HashMap<>();
        disk.rows().forEach((row, record) -> held.put(row, record.row().version()));
        versions.put(disk, held);
        holders.doubt(disk);
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
    public void revived(StoreDisk disk, TractId tract) {
        throw new Violation("I4", disk + " fetched tract " + tract + " of a blob that was deleted there");
    }

    @Override
    public void damaged(TractId tract) {
        struck.add(tract);
    }

    /** Whether bytes of a tract went wrong on some disk, so that a holder may know that it lacks some (P25). */
    public boolean isStruck(TractId tract) {
        return struck.contains(tract);
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
        return mayLose(disk, running, true);
    }

    /**
     * Whether a disk can be replaced by an older copy of it, or by an empty one, so that nothing that counts is lost: whatever
     * it has another holder has too, one that runs and is not behind, and every class of every row has a holder without it.
     *
     * @param running disks whose processes run
     */
    public boolean mayBeReplaced(StoreDisk disk, Set<StoreDisk> running) {
        return holders.areWhole(running.stream().filter(other -> other != disk).toList())
                && mayLose(disk, running, false);
    }

    /**
     * Looks what is there now, also where a power loss has put it in doubt and beyond what was promised: acknowledgements may be
     * under way. What is returned says whether some disk that is not behind, or is waited for, still has each byte of it.
     */
    public BooleanSupplier whatIsThere() {
        Map<TractId, Integer> there = new HashMap<>();
        for (Truth.Blob blob : truth.blobs()) {
            for (int index = 0; (long) index * truth.tractSize() <= blob.promised() + truth.windowBytes(); index++) {
                TractId tract = new TractId(blob.id(), index);
                there.put(tract, Math.min(truth.within(tract, blob.end()), longest(blob, tract)));
            }
        }
        return () -> truth.blobs().stream()
                .allMatch(blob -> there.entrySet().stream()
                        .filter(entry -> entry.getKey().blob().equals(blob.id()))
                        .allMatch(entry -> longest(blob, entry.getKey()) >= entry.getValue()));
    }

    private int longest(Truth.Blob blob, TractId tract) {
        return holders.disks().stream()
                .filter(disk -> holders.isHolderIfTrue(disk, holders.rowOf(tract), blob.replication())
                        || holders.isAwaited(disk, holders.rowOf(tract), blob.replication()))
                .mapToInt(disk -> disk.state(tract).map(TractState::length).orElse(0))
                .max()
                .orElse(0);
    }

    private boolean mayLose(StoreDisk disk, Set<StoreDisk> running, boolean syncedStays) {
        for (Truth.Blob blob : truth.blobs()) {
            for (int index = 0; (long) index * truth.tractSize() <= blob.promised() + truth.windowBytes(); index++) {
                TractId tract = new TractId(blob.id(), index);
                int held = Math.min(
                        truth.within(tract, blob.end()),
                        disk.state(tract).map(TractState::length).orElse(0));
                boolean alone = running.stream()
                        .noneMatch(other -> other != disk && isAsGood(other, disk, tract, blob.replication()));
                if (alone && held > (syncedStays ? truth.synced(blob, tract) : 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Tracts whose bytes may go wrong on a disk: two other holders, which run, have them too, and they have gone wrong nowhere.
     *
     * @param running disks whose processes run
     */
    public List<TractId> damageable(StoreDisk disk, Set<StoreDisk> running) {
        List<TractId> tracts = new ArrayList<>();
        for (Truth.Blob blob : truth.blobs()) {
            for (int index = 0; (long) index * truth.tractSize() < blob.promised(); index++) {
                TractId tract = new TractId(blob.id(), index);
                long good = running.stream()
                        .filter(other -> other != disk && isAsGood(other, disk, tract, blob.replication()))
                        .count();
                if (good >= 2 && disk.state(tract).map(TractState::length).orElse(0) > 0) {
                    tracts.add(tract);
                }
            }
        }
        return tracts;
    }

    private boolean isAsGood(StoreDisk other, StoreDisk disk, TractId tract, int replication) {
        int row = holders.rowOf(tract);
        return holders.isHolder(other, row, replication)
                && !isStruck(tract)
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

    /** Where bytes went wrong, a holder may be short until it is healed: it counts in no minimum (P25). */
    private void check(String invariant, StoreDisk disk, TractId tract, int length) {
        if (isStruck(tract)) {
            return;
        }
        Optional<TractState> state = disk.state(tract);
        int held = state.map(TractState::length).orElse(0);
        boolean damaged = state.isPresent() && !state.get().damaged().isEmpty();
        if (held < length || damaged) {
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

    /** Whether a disk has the right bytes in a stretch of a tract. */
    boolean isSound(StoreDisk disk, TractId tract, int from, int to) {
        boolean known = disk.state(tract).stream()
                .flatMap(state -> state.damaged().stream())
                .noneMatch(span -> span.from() < to && span.to() > from);
        return known && Arrays.equals(disk.bytes(tract, from, to), truth.contents(tract, from, to - from));
    }
}
