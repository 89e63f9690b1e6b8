package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static io.tractfs.metadata.namespace.TestNamespace.SECOND;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static io.tractfs.metadata.namespace.TestNamespace.creation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.metadata.permission.Attributes;
import org.junit.jupiter.api.Test;

class CreateRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    @Test
    void makesTheFirstDirectoriesAtFormat() {
        assertThat(namespace.status("/").attributes())
                .isEqualTo(new Attributes(0755, "root", "supergroup", 1_000_000, 0));
        assertThat(namespace.status("/tmp").attributes().permission()).isEqualTo(01777);
        assertThat(namespace.status("/user/root").attributes().owner()).isEqualTo("root");
        assertThat(namespace.state.inodeCount()).isEqualTo(4);
    }

    @Test
    void opensANewFileWithOneSegmentAndTheParentsGroup() {
        namespace.timeMs = 1_000_500;
        FileStatus file = namespace.create(ALICE, "/tmp/file");
        assertThat(file.attributes()).isEqualTo(new Attributes(0644, "alice", "supergroup", 1_000_500, 1_000_500));
        assertThat(file.segments()).containsExactly(new Segment(BlobId.of(new Epoch(1), 1), 0, 1 << 20, 3, false));
        assertThat(file.generation().value()).isEqualTo(1);
        assertThat(file.open()).isTrue();
        assertThat(namespace.status("/tmp").attributes().modificationMs()).isEqualTo(1_000_500);
        assertThat(namespace.status("/tmp").childCount()).isEqualTo(1);
    }

    @Test
    void setsTheModificationTimeAgainAtClose() {
        FileStatus open = namespace.create(ALICE, "/tmp/file");
        namespace.timeMs += 1000;
        FileStatus closed = namespace.close(TestNamespace.FIRST, open, 10);
        assertThat(closed.attributes().modificationMs()).isEqualTo(1_001_000);
        assertThat(closed.length()).isEqualTo(10);
        assertThat(namespace.status("/tmp/file").open()).isFalse();
    }

    @Test
    void hasOneWinnerAmongExclusiveCreates() {
        namespace.file(ALICE, "/tmp/file", 0);
        assertRefused(namespace.run(ALICE, creation("/tmp/file", false)), ErrorCode.ALREADY_EXISTS);
        namespace.create(ALICE, "/tmp/open");
        assertThat(namespace.run(BOB, SECOND, creation("/tmp/open", false))).isInstanceOf(Result.Held.class);
    }

    @Test
    void replacesAFileThatAnotherWriterHoldsOpen() {
        FileStatus old = namespace.create(ALICE, "/tmp/file");
        FileStatus fresh = TestNamespace.opened(namespace.run(ALICE, SECOND, creation("/tmp/file", true)));
        assertThat(fresh.file()).isNotEqualTo(old.file());
        assertRefused(
                namespace.run(ROOT, new FileCommand.Complete(old.file(), old.generation(), 5, true)),
                ErrorCode.NOT_FOUND);
        assertThat(namespace.state.garbage(0, 10))
                .containsExactly(
                        new ClusterRecords.Garbage(1, old.segments().get(0).blob()));
        assertThat(namespace.state.isAlive(old.segments().get(0).blob())).isFalse();
        assertThat(namespace.state.isAlive(fresh.segments().get(0).blob())).isTrue();
        assertThat(namespace.status("/tmp").childCount()).isEqualTo(1);
    }

    @Test
    void refusesToReplaceADirectoryOrWithoutTheRightTo() {
        namespace.mkdirs(ALICE, "/tmp/directory");
        assertRefused(namespace.run(ALICE, creation("/tmp/directory", true)), ErrorCode.IS_A_DIRECTORY);
        namespace.file(ALICE, "/tmp/file", 0);
        assertRefused(namespace.run(BOB, creation("/tmp/file", true)), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void makesMissingParentsOnlyIfAskedTo() {
        FileCommand.Create alone = new FileCommand.Create("/tmp/a/b/c", 0600, false, false, false, 0, 0, 0, 0);
        assertRefused(namespace.run(ALICE, alone), ErrorCode.PARENT_NOT_FOUND);
        namespace.mkdirs(ALICE, "/tmp/p", 01050);
        namespace.run(ROOT, new FileCommand.Create("/tmp/p/a/b/c", 0600, false, true, false, 0, 0, 0, 0));
        assertThat(namespace.status("/tmp/p/a/b").attributes().permission()).isEqualTo(0350);
        namespace.run(ALICE, new FileCommand.Create("/tmp/a/b/c", 0600, false, true, false, 0, 0, 0, 0));
        assertThat(namespace.status("/tmp/a/b").attributes().permission()).isEqualTo(0777);
        assertThat(namespace.status("/tmp/a/b").attributes().owner()).isEqualTo("alice");
    }

    @Test
    void makesNoFileWhereThereHasToBeOne() {
        FileCommand.Create replacing = new FileCommand.Create("/tmp/f", 0600, true, true, true, 0, 0, 0, 0);
        assertRefused(namespace.run(ALICE, replacing), ErrorCode.NOT_FOUND);
        namespace.file(ALICE, "/tmp/f", 7);
        assertThat(namespace.run(ALICE, replacing)).isInstanceOf(Result.Opened.class);
    }

    @Test
    void refusesAChildOfAFile() {
        namespace.file(ALICE, "/tmp/file", 0);
        assertRefused(namespace.run(ALICE, creation("/tmp/file/child", false)), ErrorCode.PARENT_NOT_DIRECTORY);
        assertRefused(
                namespace.run(ALICE, new FileCommand.Mkdirs("/tmp/file/child/deep", 0755, true)),
                ErrorCode.PARENT_NOT_DIRECTORY);
        assertThat(namespace.exists("/tmp/file/child")).isFalse();
    }

    @Test
    void makesADirectoryOnce() {
        namespace.mkdirs(ALICE, "/tmp/a/b", 0700);
        namespace.mkdirs(ALICE, "/tmp/a/b", 0755);
        assertThat(namespace.status("/tmp/a/b").attributes().permission()).isEqualTo(0700);
        namespace.file(ALICE, "/tmp/file", 0);
        assertRefused(namespace.run(ALICE, new FileCommand.Mkdirs("/tmp/file", 0755, true)), ErrorCode.ALREADY_EXISTS);
        assertRefused(
                namespace.run(BOB, new FileCommand.Mkdirs("/tmp/a/b/c", 0755, true)), ErrorCode.PERMISSION_DENIED);
        assertRefused(namespace.run(ALICE, new FileCommand.Mkdirs("/mine", 0755, true)), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void refusesNamesThatCannotBe() {
        assertRefused(mkdirs("relative"), ErrorCode.INVALID_PATH);
        assertRefused(mkdirs("/tmp/../etc"), ErrorCode.INVALID_PATH);
        assertRefused(mkdirs("/tmp//x"), ErrorCode.INVALID_PATH);
        assertRefused(mkdirs("/tmp/"), ErrorCode.INVALID_PATH);
        assertRefused(mkdirs("/tmp/.snapshot"), ErrorCode.INVALID_PATH);
        assertRefused(mkdirs("/.reserved/x"), ErrorCode.INVALID_PATH);
        assertRefused(mkdirs("/tmp/" + "é".repeat(128)), ErrorCode.NAME_TOO_LONG);
        assertThat(mkdirs("/tmp/" + "é".repeat(127))).isEqualTo(Result.YES);
        assertRefused(mkdirs("/" + "a/".repeat(1000) + "a"), ErrorCode.PATH_TOO_LONG);
        assertRefused(mkdirs("/" + "a".repeat(8000)), ErrorCode.PATH_TOO_LONG);
        assertThat(mkdirs("/tmp/a b%20:c")).isEqualTo(Result.YES);
    }

    private Result mkdirs(String path) {
        return namespace.run(ROOT, new FileCommand.Mkdirs(path, 0755, true));
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertRefused(create(513, 0, 0, 0), ErrorCode.INVALID_ARGUMENT);
        assertRefused(create(-1, 0, 0, 0), ErrorCode.INVALID_ARGUMENT);
        assertRefused(create(1, -5, 0, 0), ErrorCode.INVALID_ARGUMENT);
        assertRefused(create(1, 1, 100_000, 0), ErrorCode.INVALID_ARGUMENT);
        assertRefused(create(1, 1, 0, 65), ErrorCode.INVALID_ARGUMENT);
        assertThat(namespace.names("/tmp")).isEmpty();
        assertThat(namespace.state.inodeCount()).isEqualTo(4);
    }

    private Result create(int replication, long blockSize, int tractSize, int window) {
        return namespace.run(
                ALICE,
                new FileCommand.Create(
                        "/tmp/deep/f", 0644, false, true, false, replication, blockSize, tractSize, window));
    }

    @Test
    void needsASessionToOpenAFile() {
        Call call = new Call(ROOT, CallName.NONE, creation("/tmp/file", false));
        assertRefused(namespace.apply(call).get(0), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void boundsTheEntriesOfADirectory() {
        namespace.limits = new NamespaceLimits(255, 2, 10, 0, 3);
        namespace.mkdirs(ALICE, "/tmp/d");
        namespace.file(ALICE, "/tmp/d/a", 1);
        namespace.mkdirs(ALICE, "/tmp/d/b");
        assertRefused(mkdirs("/tmp/d/c"), ErrorCode.TOO_MANY_ENTRIES);
        assertRefused(mkdirs("/tmp/d/c/e/f"), ErrorCode.TOO_MANY_ENTRIES);
        assertRefused(namespace.run(ALICE, creation("/tmp/d/c", false)), ErrorCode.TOO_MANY_ENTRIES);
        TestNamespace.opened(namespace.run(ALICE, creation("/tmp/d/a", true)));
        namespace.mkdirs(ALICE, "/tmp/d/b/x");
        assertRefused(
                namespace.run(ALICE, new FileCommand.Rename("/tmp/d/b/x", "/tmp/d/x", RenameRule.STRICT)),
                ErrorCode.TOO_MANY_ENTRIES);
        assertThat(namespace.run(ALICE, new FileCommand.Rename("/tmp/d/b", "/tmp/d/x", RenameRule.STRICT)))
                .isEqualTo(Result.YES);
    }

    @Test
    void holdsFilesToTheLoggedLimits() {
        namespace.limits = new NamespaceLimits(4, 10, 1, 4096, 2);
        assertRefused(
                namespace.run(ALICE, new FileCommand.Create("/tmp/f", 0644, false, true, false, 2, 4095, 0, 0)),
                ErrorCode.INVALID_ARGUMENT);
        assertRefused(
                namespace.run(ALICE, new FileCommand.Create("/tmp/f", 0644, false, true, false, 3, 4096, 0, 0)),
                ErrorCode.INVALID_ARGUMENT);
        assertRefused(mkdirs("/tmp/abcde"), ErrorCode.NAME_TOO_LONG);
        FileStatus open = TestNamespace.opened(
                namespace.run(ALICE, new FileCommand.Create("/tmp/f", 0644, false, true, false, 2, 4096, 0, 0)));
        assertRefused(
                namespace.run(ALICE, new FileCommand.AddSegment(open.file(), open.generation(), 7)),
                ErrorCode.TOO_MANY_SEGMENTS);
        assertRefused(namespace.run(ALICE, new FileCommand.SetReplication("/tmp/f", 3)), ErrorCode.INVALID_ARGUMENT);
    }
}
