package io.tractfs.sim.check;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.store.StoreDisk;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be true when the faults have stopped and everything has settled (I13): every member of a row has all
 * acknowledged bytes of its classes, bit by bit. Not thread-safe.
 */
public final class QuiescenceChecker {
    private final Truth truth;
    private final Holders holders;
    private final DurabilityChecker durability;
    private final NamespaceChecker namespace;

    /** A checker. */
    public QuiescenceChecker(Truth truth, Holders holders, DurabilityChecker durability, NamespaceChecker namespace) {
        this.truth = truth;
        this.holders = holders;
        this.durability = durability;
        this.namespace = namespace;
    }

    /** Blobs that no file refers to and that a disk still has. */
    public List<String> garbage() {
        List<String> left = new ArrayList<>();
        Set<BlobId> dead = Set.copyOf(truth.dead());
        for (StoreDisk disk : holders.disks()) {
            for (BlobId blob : disk.blobs()) {
                if (dead.contains(blob)) {
                    left.add(disk + " has " + blob);
                }
            }
        }
        return left;
    }

    /** Whether copies that are used though unclean are still being compared: until then nobody vouches for their rows (P7). */
    public boolean isMerging() {
        return holders.isMerging();
    }

    /** Checks everything. */
    public void check(TableImage table) {
        namespace.checkEnd();
        durability.checkAll();
        durability.checkHeld();
        for (Truth.Blob blob : truth.blobs()) {
            for (int index = 0; (long) index * truth.tractSize() < blob.promised(); index++) {
                check(table, blob, new TractId(blob.id(), index));
            }
        }
    }

    private void check(TableImage table, Truth.Blob blob, TractId tract) {
        List<StoreDisk> members = members(table, blob, tract);
        for (int from = 0; from < truth.promised(blob, tract); from += ChunkChecksums.CHUNK_SIZE) {
            int start = from;
            int end = Math.min(from + ChunkChecksums.CHUNK_SIZE, truth.promised(blob, tract));
            List<StoreDisk> bad = members.stream()
                    .filter(disk -> !durability.isSound(disk, tract, start, end))
                    .toList();
            // What went wrong on every disk that had it, nobody can bring back (P25).
            boolean lost = durability.isStruck(tract) && bad.size() == members.size();
            if (!bad.isEmpty() && !lost) {
                throw new Violation(
                        "I13",
                        bad + " have wrong bytes from " + start + " of tract " + tract + ": "
                                + bad.stream().map(disk -> disk.state(tract)).toList());
            }
        }
    }

    /** What was damaged, can be healed, and is not healed yet; empty if there is none. */
    public Optional<String> unhealed(TableImage table) {
        try {
            for (Truth.Blob blob : truth.blobs()) {
                for (int index = 0; (long) index * truth.tractSize() < blob.promised(); index++) {
                    TractId tract = new TractId(blob.id(), index);
                    if (durability.isStruck(tract)) {
                        check(table, blob, tract);
                    }
                }
            }
            return Optional.empty();
        } catch (Violation notYet) {
            return Optional.of(String.valueOf(notYet.getMessage()));
        }
    }

    private List<StoreDisk> members(TableImage table, Truth.Blob blob, TractId tract) {
        List<StoreDisk> members = new ArrayList<>();
        Row row = table.rowOf(tract);
        int replicationClass = row.classOf(blob.replication());
        for (int column = 0; column < replicationClass; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null) {
                StoreDisk disk = holders.disks().stream()
                        .filter(one -> one.ref().equals(member.ref()))
                        .findFirst()
                        .orElseThrow(() -> new Violation("I13", member + " of " + row + " does not exist"));
                if (!member.holds(replicationClass)) {
                    throw new Violation("I13", member + " does not hold class " + replicationClass + " of " + row);
                }
                members.add(disk);
            }
        }
        return members;
    }
}
