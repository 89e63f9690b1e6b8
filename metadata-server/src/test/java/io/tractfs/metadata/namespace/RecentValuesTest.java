package io.tractfs.metadata.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecentValuesTest {
    private static final int KEYS = 40_000;

    private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
    private final RecentValues recent = new RecentValues(store);

    @Test
    void givesWhatTheStoreHasAfterAnyChanges() {
        KeySpace[] spaces = {KeySpace.INODES, KeySpace.DIRECTORIES, KeySpace.CALLS, KeySpace.FILES};
        SplittableRandom random = new SplittableRandom(35);
        for (int round = 0; round < 3_000; round++) {
            KeyValueBatch batch = new KeyValueBatch();
            for (int i = 0; i < 20; i++) {
                KeySpace space = spaces[random.nextInt(spaces.length)];
                byte[] key = Keys.ofLong(random.nextInt(KEYS));
                if (random.nextInt(4) == 0) {
                    batch.delete(space, key);
                } else {
                    batch.put(space, key, new byte[random.nextInt(2 * RecentValues.LONGEST_VALUE)]);
                }
            }
            recent.write(batch);
            batch.forEach((space, key, value) ->
                    assertThat(recent.get(space, key)).isEqualTo(value).isEqualTo(store.get(space, key)));
            KeySpace space = spaces[random.nextInt(spaces.length)];
            byte[] key = Keys.ofLong(random.nextInt(KEYS));
            assertThat(recent.get(space, key)).isEqualTo(store.get(space, key));
        }
        assertThat(recent.size()).isPositive().isLessThanOrEqualTo(RecentValues.MOST_VALUES);
    }

    @Test
    void readsTheStoreAnewOnceItWasReplaced() {
        byte[] key = Keys.ofLong(7);
        KeyValueBatch batch = new KeyValueBatch();
        batch.put(KeySpace.INODES, key, new byte[] {1});
        recent.write(batch);
        KeyValueBatch other = new KeyValueBatch();
        other.put(KeySpace.INODES, key, new byte[] {2});
        store.write(other);

        recent.clear();

        assertThat(recent.get(KeySpace.INODES, key)).containsExactly(2);
    }
}
