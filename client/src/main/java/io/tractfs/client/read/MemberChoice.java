package io.tractfs.client.read;

import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * In which order the members of a row are asked for a range: holders of the class before the others, well before
 * suspect, on this host before elsewhere, and among equals begun at a place that differs from tract to tract and from
 * client to client, so that load spreads. Pure but for what the predicates say.
 *
 * @param local whether a host is this one
 * @param suspect whether a store was slow or failing
 * @param salt of this client
 */
public record MemberChoice(Predicate<String> local, Predicate<StoreId> suspect, int salt) {
    /**
     * One that can be asked.
     *
     * @param store where it is
     * @param holder whether it holds the class whole
     * @param local whether it is on this host
     * @param suspect whether it was slow or failing
     */
    public record Candidate(StoreInfo store, boolean holder, boolean local, boolean suspect) {}

    /** The members of the tract's row that its replication uses, best first. */
    public List<Candidate> order(TableImage table, TractId tract, int replication) {
        Row row = table.rowOf(tract);
        int replicationClass = row.classOf(replication);
        List<Candidate> all = new ArrayList<>(replicationClass);
        int first = Math.floorMod((int) RowHash.hash(tract.blob()) + tract.index() + salt, replicationClass);
        for (int i = 0; i < replicationClass; i++) {
            @Nullable Member member = row.columns().at((first + i) % replicationClass);
            if (member != null) {
                add(all, table, member, replicationClass);
            }
        }
        for (int column = replicationClass; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && row.keeps(column, replicationClass)) {
                add(all, table, member, replicationClass);
            }
        }
        all.sort(Comparator.comparing((Candidate candidate) -> !candidate.holder())
                .thenComparing(Candidate::suspect)
                .thenComparing(candidate -> !candidate.local()));
        return all;
    }

    private void add(List<Candidate> all, TableImage table, Member member, int replicationClass) {
        Optional<StoreInfo> store = table.store(member.ref().store());
        if (store.isPresent()) {
            StoreInfo info = store.get();
            all.add(new Candidate(
                    info,
                    member.holds(replicationClass),
                    local.test(info.host()),
                    suspect.test(member.ref().store())));
        }
    }
}
