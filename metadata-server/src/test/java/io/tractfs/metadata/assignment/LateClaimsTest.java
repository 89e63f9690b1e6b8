package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Epoch;
import io.tractfs.table.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Claims that a store gave in answer to an earlier round of questions, and that come late. */
class LateClaimsTest {
    private final InMemoryCluster cluster = InMemoryCluster.placed(3);
    private final InMemoryStore store = cluster.store(1);

    @Test
    void aLastPageOfAnEarlierRoundDoesNotEndThePresentOne() {
        cluster.kill(1);
        cluster.lost = effect -> effect instanceof Effect.SendGrant;
        cluster.restart(1);
        long asked = lastAsked();

        cluster.step(new Event.GrantAnswered(store.ref(), asked - 1, List.of(), Set.of(), 0));
        assertThat(state()).isEqualTo("STARTING");

        cluster.step(new Event.GrantAnswered(store.ref(), asked, List.of(), Set.of(), 0));
        assertThat(state()).isEqualTo("LIVE");
    }

    /** A new leader must not make the copies of a store stale that lives and is slow to say what it holds. */
    @Test
    void aLivingStoreIsNotReplacedBecauseItsClaimsTakeLongerThanTheDeathTime() {
        Map<Integer, Row> before = Map.copyOf(cluster.table);
        cluster.lost =
                effect -> effect instanceof Effect.SendGrant grant && grant.to().equals(store.ref());
        cluster.lead();
        cluster.pass(6_000);
        assertThat(state()).isEqualTo("STARTING");

        cluster.lost = effect -> false;
        List<Row> claims = store.grant(new Epoch(2), new Effect.SendGrant(store.ref(), 1, 0))
                .claims();
        cluster.step(new Event.GrantAnswered(store.ref(), lastAsked(), claims, Set.of(), 0));
        cluster.pass(1_000);

        assertThat(cluster.table).containsExactlyInAnyOrderEntriesOf(before);
    }

    private long lastAsked() {
        return cluster.seen.stream()
                .filter(Effect.SendGrant.class::isInstance)
                .map(Effect.SendGrant.class::cast)
                .filter(grant -> grant.to().equals(store.ref()))
                .mapToLong(Effect.SendGrant::asking)
                .max()
                .orElseThrow();
    }

    private String state() {
        return cluster.core.view(false, 0).stores().stream()
                .filter(view -> view.ref().equals(store.ref()))
                .findFirst()
                .orElseThrow()
                .state();
    }
}
