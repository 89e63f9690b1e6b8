package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.metadata.namespace.KeyValueException;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of a metadata server's directory is damaged, one at a time: it starts with everything that was acknowledged, or
 * does not start and says why. More seeds: {@code -Dtractfs.damage.seeds=200}.
 */
class MetadataFileDamageTest {
    private static final int SEEDS = Integer.getInteger("tractfs.damage.seeds", 12);
    private static final int CALLS = 130;

    @TempDir
    Path directory;

    private interface Damage {
        void inflict(Path file, byte[] bytes, Random random) throws IOException;
    }

    @Test
    void oneFlippedBitIsFoundOrDoesNoHarm() throws Exception {
        damageFiles((file, bytes, random) -> {
            if (bytes.length > 0) {
                bytes[random.nextInt(used(bytes))] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
        });
    }

    @Test
    void aFileCutShortIsFoundOrDoesNoHarm() throws Exception {
        damageFiles((file, bytes, random) ->
                Files.write(file, Arrays.copyOf(bytes, Math.min(bytes.length, random.nextInt(used(bytes))))));
    }

    @Test
    void aFileThatIsGoneIsFoundOrDoesNoHarm() throws Exception {
        damageFiles((file, bytes, random) -> Files.delete(file));
    }

    private void damageFiles(Damage damage) throws Exception {
        Path good = directory.resolve("good");
        // Two lives, so that there are tables, closed segments and an open one.
        fill(directory.resolve("first"), 0, good.resolveSibling("second"));
        fill(good.resolveSibling("second"), CALLS, good);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(good)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("LOCK"))
                    .map(good::relativize)
                    .sorted()
                    .toList();
        }
        assertThat(files.toString()).contains("raft-meta", "log_", "CURRENT", "MANIFEST", ".sst");
        for (int seed = 0; seed < SEEDS; seed++) {
            Path file = files.get((int) ((long) seed * files.size() / Math.min(SEEDS, files.size())) % files.size());
            Path copy = directory.resolve("copy-" + seed);
            LonePeer.copyAsAKillLeavesIt(good, copy);
            damage.inflict(copy.resolve(file), Files.readAllBytes(copy.resolve(file)), new Random(seed));
            try {
                check(copy);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", file " + file, e);
            }
        }
    }

    private static void fill(Path from, int first, Path to) throws Exception {
        try (LonePeer peer = new LonePeer(from)) {
            if (first == 0) {
                peer.format();
            }
            for (int i = first; i < first + CALLS; i++) {
                assertThat(peer.run(LonePeer.mkdirs(i + 1, "/d" + i))).isEqualTo(Result.YES);
            }
            LonePeer.copyAsAKillLeavesIt(from, to);
        }
    }

    private static void check(Path copy) throws Exception {
        LonePeer peer;
        try {
            peer = new LonePeer(copy);
        } catch (IOException | TimeoutException e) {
            assertThat(e.getMessage()).as("the reason").isNotBlank();
            return;
        }
        try (peer) {
            NamespaceReader reader = new NamespaceReader(peer.store);
            for (int i = 0; i < 2 * CALLS; i++) {
                assertThat(reader.status(LonePeer.ROOT, "/d" + i).directory()).isTrue();
            }
            assertThat(peer.run(LonePeer.mkdirs(10_000, "/after"))).isEqualTo(Result.YES);
        } catch (KeyValueException | ExecutionException e) {
            // Damage that shows when it is read: the call fails and says so.
            assertThat(e.getMessage()).as("the reason").isNotBlank();
        }
    }

    /** A log segment is made longer than what is written to it. */
    private static int used(byte[] bytes) {
        int used = bytes.length;
        while (used > 1 && bytes[used - 1] == 0) {
            used--;
        }
        return Math.max(1, used);
    }
}
