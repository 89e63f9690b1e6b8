package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Lineage;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real log on the real database: start, restart, and start from a copy of the disk as a kill leaves it. */
class RatisCommandLogTest {

    @TempDir
    Path directory;

    private static Call create(long number, String path) {
        return new Call(
                LonePeer.ROOT,
                new CallName(LonePeer.CLIENT, number),
                new FileCommand.Create(path, 0644, false, false, false, 0, 0, 0, 0));
    }

    @Test
    void keepsTheNamespaceOverARestart() throws Exception {
        try (LonePeer peer = new LonePeer(directory)) {
            peer.format();
            assertThat(peer.run(LonePeer.mkdirs(1, "/a/b"))).isEqualTo(Result.YES);
        }
        try (LonePeer peer = new LonePeer(directory)) {
            assertThat(new NamespaceReader(peer.store)
                            .status(LonePeer.ROOT, "/a/b")
                            .directory())
                    .isTrue();
            assertThat(peer.state.epochs()).hasSize(1);
            Result taken = peer.run(Call.ofSystem(new ClusterCommand.TakeEpoch(new Lineage(new UUID(3, 3)))));
            assertThat(((Result.EpochTaken) taken).epoch().value()).isEqualTo(2);
        }
    }

    @Test
    void answersARepeatedCallFromBeforeTheKill() throws Exception {
        Path copy = directory.resolve("copy");
        Path original = directory.resolve("original");
        Result first;
        try (LonePeer peer = new LonePeer(original)) {
            peer.format();
            first = peer.run(create(1, "/file"));
            assertThat(first).isInstanceOf(Result.Opened.class);
            LonePeer.copyAsAKillLeavesIt(original, copy);
        }
        try (LonePeer peer = new LonePeer(copy)) {
            assertThat(peer.run(create(1, "/file"))).isEqualTo(first);
            assertThat(peer.run(create(2, "/file"))).isInstanceOf(Result.Held.class);
        }
    }

    @Test
    void startsWithATornTailOfTheLog() throws Exception {
        Path copy = directory.resolve("copy");
        Path original = directory.resolve("original");
        try (LonePeer peer = new LonePeer(original)) {
            peer.format();
            peer.run(LonePeer.mkdirs(1, "/kept"));
            LonePeer.copyAsAKillLeavesIt(original, copy);
        }
        tearTail(copy.resolve("raft"));
        try (LonePeer peer = new LonePeer(copy)) {
            assertThat(new NamespaceReader(peer.store)
                            .status(LonePeer.ROOT, "/kept")
                            .directory())
                    .isTrue();
            assertThat(peer.run(LonePeer.mkdirs(2, "/next"))).isEqualTo(Result.YES);
        }
    }

    @Test
    void cutsItsLogAndStillStarts() throws Exception {
        try (LonePeer peer = new LonePeer(directory)) {
            peer.format();
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                results.add(peer.log.submit(LonePeer.mkdirs(i + 1, "/d" + i)));
            }
            for (CompletableFuture<Result> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(Result.YES);
            }
        }
        try (LonePeer peer = new LonePeer(directory)) {
            assertThat(peer.state.inodeCount()).isEqualTo(3004);
            assertThat(peer.run(LonePeer.mkdirs(5000, "/more"))).isEqualTo(Result.YES);
        }
    }

    @Test
    void appliesTheLogAnewWhenTheDatabaseIsGone() throws Exception {
        try (LonePeer peer = new LonePeer(directory)) {
            peer.format();
            peer.run(LonePeer.mkdirs(1, "/kept"));
        }
        Files.move(directory.resolve("db"), directory.resolve("lost"));
        try (LonePeer peer = new LonePeer(directory)) {
            peer.run(LonePeer.mkdirs(2, "/after"));
            assertThat(new NamespaceReader(peer.store)
                            .status(LonePeer.ROOT, "/kept")
                            .directory())
                    .isTrue();
        }
    }

    /** Puts the beginning of an entry after the last one, as a crash in the middle of a write does. */
    private static void tearTail(Path raft) throws IOException {
        Path open;
        try (Stream<Path> files = Files.walk(raft)) {
            open = files.filter(file -> file.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(open.toFile(), "rw")) {
            long end = lastNonZero(file) + 1;
            file.seek(end + 3);
            file.write(new byte[] {(byte) 0x85, 1, 2, 3, 4});
        }
    }

    private static long lastNonZero(RandomAccessFile file) throws IOException {
        byte[] all = new byte[(int) file.length()];
        file.readFully(all);
        int at = all.length - 1;
        while (at >= 0 && all[at] == 0) {
            at--;
        }
        return at;
    }
}
