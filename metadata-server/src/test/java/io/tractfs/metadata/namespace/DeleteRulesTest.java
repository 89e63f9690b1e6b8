package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import org.junit.jupiter.api.Test;

class DeleteRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    private Result delete(String path, boolean recursive) {
        return namespace.run(ALICE, new FileCommand.Delete(path, recursive));
    }

    @Test
    void deletesAFileAndListsItsBlobsAsGarbageInTheSameCommand() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 3);
        assertThat(delete("/tmp/f", false)).isEqualTo(Result.YES);
        assertThat(namespace.exists("/tmp/f")).isFalse();
        assertThat(namespace.state.garbageHead()).isEqualTo(1);
        assertThat(namespace.state.garbage(0, 5))
                .containsExactly(
                        new ClusterRecords.Garbage(1, file.segments().get(0).blob()));
        assertThat(delete("/tmp/f", false)).isEqualTo(Result.NO);
    }

    @Test
    void deletesATreeOnlyRecursively() {
        namespace.file(ALICE, "/tmp/d/e/f", 3);
        assertRefused(delete("/tmp/d", false), ErrorCode.NOT_EMPTY);
        assertThat(delete("/tmp/d", true)).isEqualTo(Result.YES);
        assertThat(namespace.exists("/tmp/d")).isFalse();
        assertThat(namespace.state.inodeCount()).isEqualTo(4);
        assertThat(namespace.state.garbageHead()).isEqualTo(1);
        assertThat(namespace.state.hasDetached()).isFalse();
    }

    @Test
    void neverDeletesTheRoot() {
        assertThat(namespace.run(ROOT, new FileCommand.Delete("/", true))).isEqualTo(Result.NO);
        assertThat(namespace.exists("/tmp")).isTrue();
    }

    @Test
    void keepsWhatTheStickyBitGuards() {
        namespace.file(ALICE, "/tmp/f", 3);
        assertRefused(namespace.run(BOB, new FileCommand.Delete("/tmp/f", false)), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void asksForEveryDirectoryOfATree() {
        namespace.mkdirs(ALICE, "/tmp/d", 0777);
        namespace.mkdirs(BOB, "/tmp/d/bobs", 0755);
        namespace.file(BOB, "/tmp/d/bobs/f", 0);
        assertRefused(delete("/tmp/d", true), ErrorCode.PERMISSION_DENIED);
        namespace.run(BOB, new FileCommand.Delete("/tmp/d/bobs/f", false));
        assertThat(delete("/tmp/d", true)).isEqualTo(Result.YES);
    }

    @Test
    void deletesNoTreeInWhichAStickyBitProtectsAnEntry() {
        namespace.mkdirs(ALICE, "/tmp/d", 0777);
        namespace.mkdirs(BOB, "/tmp/d/bobs", 01777);
        FileStatus alices = namespace.file(ALICE, "/tmp/d/bobs/alices", 1);
        assertThat(alices.attributes().owner()).isEqualTo("alice");
        assertThat(delete("/tmp/d", true)).isEqualTo(Result.YES);
        namespace.mkdirs(ALICE, "/tmp/d", 0777);
        namespace.mkdirs(BOB, "/tmp/d/bobs", 01777);
        namespace.file(BOB, "/tmp/d/bobs/f", 1);
        assertRefused(delete("/tmp/d", true), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void sweepsALargeTreeInParts() {
        namespace.mkdirs(ALICE, "/tmp/d");
        for (int i = 0; i < 2500; i++) {
            namespace.file(ALICE, "/tmp/d/s" + i % 3 + "/f" + i, 1);
        }
        FileStatus open = namespace.create(ALICE, "/tmp/d/s2/zz-open");
        assertThat(delete("/tmp/d", true)).isEqualTo(Result.YES);
        assertThat(namespace.exists("/tmp/d")).isFalse();
        assertThat(namespace.state.hasDetached()).isTrue();
        assertRefused(
                namespace.run(ROOT, new FileCommand.Complete(open.file(), open.generation(), 5, true)),
                ErrorCode.NOT_FOUND);
        int parts = 0;
        while (namespace.state.hasDetached()) {
            namespace.system(new ClusterCommand.SweepDetached(100));
            parts++;
        }
        assertThat(parts).isBetween(10, 30);
        assertThat(namespace.state.inodeCount()).isEqualTo(4);
        assertThat(namespace.state.garbageHead()).isEqualTo(2501);
        assertThat(namespace.reader.openFiles()).isEmpty();
    }

    @Test
    void shortensAFileAndEndsItsSegment() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        assertThat(truncate("/tmp/f", 100)).isEqualTo(Result.YES);
        assertThat(namespace.status("/tmp/f").segments().get(0).ended()).isFalse();
        assertRefused(truncate("/tmp/f", 101), ErrorCode.INVALID_ARGUMENT);
        assertThat(truncate("/tmp/f", 40)).isEqualTo(Result.YES);
        assertThat(namespace.status("/tmp/f").segments())
                .containsExactly(file.segments().get(0).endedAt(40));
        assertThat(truncate("/tmp/f", 0)).isEqualTo(Result.YES);
        assertThat(namespace.status("/tmp/f").segments()).isEmpty();
        assertThat(namespace.state.isAlive(file.segments().get(0).blob())).isFalse();
    }

    @Test
    void dropsSegmentsBehindTheNewEnd() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        FileStatus longer = TestNamespace.opened(namespace.run(ALICE, new FileCommand.Append("/tmp/f", true)));
        namespace.close(TestNamespace.FIRST, longer, 50);
        assertThat(namespace.status("/tmp/f").length()).isEqualTo(150);
        assertThat(truncate("/tmp/f", 100)).isEqualTo(Result.YES);
        assertThat(namespace.status("/tmp/f").segments())
                .containsExactly(file.segments().get(0).endedAt(100));
    }

    private Result truncate(String path, long length) {
        return namespace.run(ALICE, new FileCommand.Truncate(path, length));
    }

    @Test
    void refusesToShortenAnOpenFile() {
        namespace.create(ALICE, "/tmp/f");
        assertThat(truncate("/tmp/f", 0)).isInstanceOf(Result.Held.class);
        assertRefused(truncate("/tmp", 0), ErrorCode.IS_A_DIRECTORY);
        assertRefused(truncate("/tmp/none", 0), ErrorCode.NOT_FOUND);
    }
}
