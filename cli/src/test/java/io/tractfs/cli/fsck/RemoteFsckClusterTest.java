package io.tractfs.cli.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemoteFsckClusterTest {
    @Test
    void sendsChangesInCallsThatAStoreTakes() {
        List<Integer> all = IntStream.range(0, 8191).boxed().toList();

        List<List<Integer>> slices = RemoteFsckCluster.slices(all);

        assertThat(slices).hasSize(32).allSatisfy(slice -> assertThat(slice).hasSizeBetween(1, 256));
        assertThat(slices.stream().flatMap(List::stream)).containsExactlyElementsOf(all);
        assertThat(RemoteFsckCluster.slices(List.of())).isEmpty();
    }
}
