package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RenameRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    @BeforeEach
    void makeTree() {
        namespace.mkdirs(ALICE, "/tmp/d/sub");
        namespace.mkdirs(ALICE, "/tmp/empty");
        namespace.file(ALICE, "/tmp/f", 1);
        namespace.file(ALICE, "/tmp/d/sub/g", 2);
    }

    private Result rename(String source, String destination, RenameRule rule) {
        return namespace.run(ALICE, new FileCommand.Rename(source, destination, rule));
    }

    private Result legacy(String source, String destination) {
        return rename(source, destination, RenameRule.LEGACY);
    }

    private Result strict(String source, String destination) {
        return rename(source, destination, RenameRule.STRICT);
    }

    private Result overwrite(String source, String destination) {
        return rename(source, destination, RenameRule.OVERWRITE);
    }

    @Test
    void movesADirectoryWithAllBelowIt() {
        namespace.timeMs += 7;
        assertThat(legacy("/tmp/d", "/tmp/e")).isEqualTo(Result.YES);
        assertThat(namespace.status("/tmp/e/sub/g").length()).isEqualTo(2);
        assertThat(namespace.exists("/tmp/d")).isFalse();
        assertThat(namespace.status("/tmp").childCount()).isEqualTo(3);
        assertThat(namespace.status("/tmp").attributes().modificationMs()).isEqualTo(1_000_007);
        assertThat(namespace.status("/tmp/e").attributes().modificationMs()).isEqualTo(1_000_000);
    }

    @Test
    void legacyMovesIntoAnExistingDirectory() {
        assertThat(legacy("/tmp/f", "/tmp/d")).isEqualTo(Result.YES);
        assertThat(namespace.exists("/tmp/d/f")).isTrue();
        assertThat(legacy("/tmp/empty", "/tmp/d")).isEqualTo(Result.YES);
        assertThat(namespace.names("/tmp/d")).containsExactly("empty", "f", "sub");
    }

    @Test
    void legacyAnswersFalseToWhatCannotBe() {
        assertThat(legacy("/tmp/none", "/tmp/x")).isEqualTo(Result.NO);
        assertThat(legacy("/tmp/f", "/tmp/none/x")).isEqualTo(Result.NO);
        assertThat(legacy("/tmp/d", "/tmp/f")).isEqualTo(Result.NO);
        assertThat(legacy("/tmp/d", "/tmp/d")).isEqualTo(Result.NO);
        assertThat(legacy("/tmp/d", "/tmp/d/sub/x")).isEqualTo(Result.NO);
        assertThat(namespace.run(ROOT, new FileCommand.Rename("/", "/x", RenameRule.LEGACY)))
                .isEqualTo(Result.NO);
        namespace.file(ALICE, "/tmp/d/f", 0);
        assertThat(legacy("/tmp/f", "/tmp/d")).isEqualTo(Result.NO);
    }

    @Test
    void legacyIsTrueForAFileOntoItself() {
        assertThat(legacy("/tmp/f", "/tmp/f")).isEqualTo(Result.YES);
        assertThat(namespace.exists("/tmp/f")).isTrue();
    }

    @Test
    void strictSaysWhatIsWrong() {
        assertRefused(strict("/tmp/none", "/tmp/x"), ErrorCode.NOT_FOUND);
        assertRefused(strict("/tmp/f", "/tmp/none/x"), ErrorCode.PARENT_NOT_FOUND);
        assertRefused(strict("/tmp/f", "/tmp/f"), ErrorCode.ALREADY_EXISTS);
        assertRefused(strict("/tmp/d", "/tmp/d/sub/x"), ErrorCode.RENAME_INTO_SELF);
        assertRefused(strict("/tmp/d", "/tmp/f"), ErrorCode.INVALID_ARGUMENT);
        assertRefused(strict("/tmp/f", "/tmp/empty"), ErrorCode.INVALID_ARGUMENT);
        assertRefused(strict("/tmp/f", "/tmp/d/sub/g"), ErrorCode.ALREADY_EXISTS);
        assertRefused(strict("/tmp/f", "/tmp/d/sub/g/x"), ErrorCode.PARENT_NOT_DIRECTORY);
        assertRefused(
                namespace.run(ROOT, new FileCommand.Rename("/", "/x", RenameRule.STRICT)), ErrorCode.INVALID_ARGUMENT);
        assertThat(strict("/tmp/f", "/tmp/x")).isEqualTo(Result.YES);
    }

    @Test
    void overwriteReplacesAFileAndItsBlobsGo() {
        FileStatus replaced = namespace.status("/tmp/d/sub/g");
        assertThat(overwrite("/tmp/f", "/tmp/d/sub/g")).isEqualTo(Result.YES);
        assertThat(namespace.status("/tmp/d/sub/g").length()).isEqualTo(1);
        assertThat(namespace.status("/tmp/d/sub").childCount()).isEqualTo(1);
        assertThat(namespace.state.garbage(0, 10))
                .extracting(ClusterRecords.Garbage::blob)
                .containsExactly(replaced.segments().get(0).blob());
        assertThat(namespace.state.inodeCount()).isEqualTo(4 + 4);
    }

    @Test
    void overwriteReplacesOnlyAnEmptyDirectory() {
        assertThat(overwrite("/tmp/d/sub", "/tmp/empty")).isEqualTo(Result.YES);
        assertThat(namespace.exists("/tmp/empty/g")).isTrue();
        namespace.mkdirs(ALICE, "/tmp/other");
        assertRefused(overwrite("/tmp/other", "/tmp/empty"), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void refusesWithoutTheRightAtEitherEnd() {
        assertRefused(
                namespace.run(BOB, new FileCommand.Rename("/tmp/f", "/tmp/x", RenameRule.LEGACY)),
                ErrorCode.PERMISSION_DENIED);
        namespace.file(BOB, "/tmp/bobs", 0);
        assertRefused(
                namespace.run(BOB, new FileCommand.Rename("/tmp/bobs", "/tmp/d", RenameRule.LEGACY)),
                ErrorCode.PERMISSION_DENIED);
        assertRefused(
                namespace.run(BOB, new FileCommand.Rename("/tmp/bobs", "/tmp/d/sub/g", RenameRule.OVERWRITE)),
                ErrorCode.PERMISSION_DENIED);
        assertRefused(legacy("/tmp/f/x", "/tmp/y"), ErrorCode.PERMISSION_DENIED);
        assertRefused(legacy("/tmp/d", "/tmp/f/x"), ErrorCode.PARENT_NOT_DIRECTORY);
    }

    @Test
    void replacesInAStickyDirectoryWhatAnotherUserOwnsAsHdfsDoes() {
        namespace.file(BOB, "/tmp/bobs", 0);
        assertThat(namespace.run(BOB, new FileCommand.Rename("/tmp/bobs", "/tmp/f", RenameRule.OVERWRITE)))
                .isEqualTo(Result.YES);
    }

    @Test
    void keepsTheWriterOfAFileThatMoves() {
        FileStatus open = namespace.create(ALICE, "/tmp/d/open");
        assertThat(strict("/tmp/d", "/tmp/moved")).isEqualTo(Result.YES);
        assertThat(strict("/tmp/moved/open", "/tmp/open")).isEqualTo(Result.YES);
        namespace.close(TestNamespace.FIRST, open, 9);
        assertThat(namespace.status("/tmp/open").length()).isEqualTo(9);
    }

    @Test
    void refusesReservedAndLongDestinations() {
        assertRefused(strict("/tmp/f", "/tmp/.snapshot"), ErrorCode.INVALID_PATH);
        assertRefused(legacy("/tmp/f", "/tmp/" + "x".repeat(256)), ErrorCode.NAME_TOO_LONG);
    }
}
