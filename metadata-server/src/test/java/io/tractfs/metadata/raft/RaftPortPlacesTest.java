package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftPortPlacesTest {
    private static final int MOST = 3;

    private final RaftPortPlaces places = new RaftPortPlaces(MOST);

    @Test
    void theOldestSilentOneGoesForANewOne() {
        List<RaftConnection> silent = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            silent.add(connection());
            assertThat(places.came(silent.get(i))).isEmpty();
        }
        assertThat(places.came(connection())).contains(silent.get(0));
        places.ended(silent.get(1), false);
        assertThat(places.came(connection())).isEmpty();
        assertThat(places.came(connection())).contains(silent.get(2));
    }

    @Test
    void silentOnesKeepNobodyOutWhoSpeaks() {
        for (int i = 0; i < 10 * MOST; i++) {
            places.came(connection());
        }
        RaftConnection peer = connection();
        places.came(peer);
        assertThat(places.spoke(peer)).isTrue();
        for (int i = 0; i < 10 * MOST; i++) {
            assertThat(places.came(connection())).isNotEqualTo(java.util.Optional.of(peer));
        }
    }

    @Test
    void moreThanSoManyThatSpeakAreRefusedUntilOneEnds() {
        List<RaftConnection> peers = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            peers.add(connection());
            places.came(peers.get(i));
            assertThat(places.spoke(peers.get(i))).isTrue();
        }
        RaftConnection more = connection();
        places.came(more);
        assertThat(places.spoke(more)).isFalse();
        places.ended(more, false);
        places.ended(peers.get(0), true);
        places.came(more);
        assertThat(places.spoke(more)).isTrue();
    }

    private RaftConnection connection() {
        return new RaftConnection(RaftPortLimits.DEFAULT, places);
    }
}
