package io.tractfs.sim.check;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.store.StoreDisk;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.List;
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
                durability.checkContents(disk, tract, truth.promised(blob, tract));
            }
        }
    }
}
