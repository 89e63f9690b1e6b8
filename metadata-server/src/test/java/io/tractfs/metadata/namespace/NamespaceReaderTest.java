package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.FIRST;
import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static io.tractfs.metadata.namespace.TestNamespace.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.permission.Access;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class NamespaceReaderTest {
    private final TestNamespace namespace = new TestNamespace();

    private static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TractException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void listsInOrderOfUtf8BytesPageByPage() throws TractException {
        List<String> names = List.of("B", "a", "z", "é", "\uFF61", "\uD83D\uDE00");
        for (String name : names) {
            namespace.file(ALICE, "/tmp/d/" + name, 1);
        }
        List<String> found = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            Listing page = namespace.reader.list(ALICE, "/tmp/d", after, 2, true);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(2);
            page.entries().forEach(entry -> found.add(entry.name()));
            assertThat(page.entries()).allMatch(entry -> entry.segments().size() == 1);
            after = found.get(found.size() - 1);
            more = page.more();
        }
        assertThat(found).isEqualTo(names);
    }

    @Test
    void endsAPageBeforeItIsTooLargeForAFrame() throws TractException {
        for (String name : List.of("/tmp/a", "/tmp/b", "/tmp/c")) {
            FileStatus open = namespace.create(ALICE, name);
            for (int i = 1; i < 60; i++) {
                open = TestNamespace.opened(
                        namespace.run(ALICE, new FileCommand.AddSegment(open.file(), open.generation(), 1)));
            }
            namespace.close(FIRST, open, 1);
        }
        int each = namespace.reader.list(ROOT, "/tmp/a", "", 0, true).encoded().remaining();
        assertThat(each).isGreaterThan(60 * 20);
        assertThat(namespace.reader.list(ROOT, "/tmp", "", 0, true).entries()).hasSize(3);
        assertThat(namespace
                        .reader
                        .list(ROOT, "/tmp", "", 0, true, 2 * each + 10)
                        .entries())
                .hasSize(2);
        Listing last = namespace.reader.list(ROOT, "/tmp", "b", 0, true, 1);
        assertThat(last.entries()).hasSize(1);
        assertThat(last.more()).isFalse();
    }

    @Test
    void saysOfAnEntryWhatItsStatusSays() throws TractException {
        namespace.file(ALICE, "/tmp/d/closed", 5_000_000_000L);
        namespace.run(ALICE, new FileCommand.SetTimes("/tmp/d/closed", -5, 7));
        namespace.create(ALICE, "/tmp/d/open");
        namespace.mkdirs(ALICE, "/tmp/d/sub/below");
        Listing page = namespace.reader.list(ALICE, "/tmp/d", "", 0, true);
        assertThat(page.entries()).hasSize(3);
        assertThat(page.count()).isEqualTo(3);
        assertThat(page.last()).isEqualTo("sub");
        for (FileStatus entry : page.entries()) {
            String path = "/tmp/d/" + entry.name();
            FileStatus status = entry.directory() ? namespace.status(path) : namespace.reader.open(ALICE, path);
            assertThat(entry).isEqualTo(status);
        }
        assertThat(namespace.reader.list(ALICE, "/tmp/d", "", 0, false).entries())
                .allMatch(entry -> entry.segments().isEmpty())
                .extracting(FileStatus::length)
                .containsExactly(5_000_000_000L, 0L, 0L);
    }

    @Test
    void listsAFileAsItselfAndAnEmptyDirectoryAsNothing() throws TractException {
        namespace.file(ALICE, "/tmp/f", 7);
        Listing page = namespace.reader.list(ALICE, "/tmp/f", "", 0, false);
        assertThat(page.entries()).extracting(FileStatus::name).containsExactly("");
        assertThat(namespace.reader.list(ALICE, "/user/root", "", 0, false).entries())
                .isEmpty();
        assertFails(() -> namespace.reader.list(ALICE, "/none", "", 0, false), ErrorCode.NOT_FOUND);
    }

    @Test
    void asksForTheRightsOfReaders() throws TractException {
        namespace.mkdirs(ALICE, "/tmp/closed", 0700);
        namespace.file(ALICE, "/tmp/closed/f", 1);
        namespace.file(ALICE, "/tmp/secret", 1);
        namespace.run(ALICE, new FileCommand.SetPermission("/tmp/secret", 0600));
        assertThat(namespace.reader.status(BOB, "/tmp/secret").length()).isEqualTo(1);
        assertFails(() -> namespace.reader.open(BOB, "/tmp/secret"), ErrorCode.PERMISSION_DENIED);
        assertFails(() -> namespace.reader.status(BOB, "/tmp/closed/f"), ErrorCode.PERMISSION_DENIED);
        assertFails(() -> namespace.reader.list(BOB, "/tmp/closed", "", 0, false), ErrorCode.PERMISSION_DENIED);
        assertFails(() -> namespace.reader.contentSummary(BOB, "/tmp"), ErrorCode.PERMISSION_DENIED);
        namespace.reader.checkAccess(ALICE, "/tmp/secret", new Access(6));
        assertFails(() -> namespace.reader.checkAccess(BOB, "/tmp/secret", Access.READ), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void treatsWhatIsBelowAFileAsHdfsDoesButForItsStatus() {
        namespace.file(ALICE, "/tmp/f", 1);
        assertFails(() -> namespace.reader.status(ALICE, "/tmp/f/x"), ErrorCode.NOT_FOUND);
        assertFails(() -> namespace.reader.status(ROOT, "/tmp/f/x"), ErrorCode.NOT_FOUND);
        assertFails(() -> namespace.reader.open(ROOT, "/tmp/f/x"), ErrorCode.PERMISSION_DENIED);
        assertFails(() -> namespace.reader.list(ROOT, "/tmp/f/x", "", 0, false), ErrorCode.PERMISSION_DENIED);
        assertFails(() -> namespace.reader.contentSummary(ROOT, "/tmp/f/x"), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void tellsThatAFileIsMissingBeforeRightsCount() {
        namespace.mkdirs(ALICE, "/tmp/closed", 0700);
        namespace.file(ALICE, "/tmp/closed/f", 1);
        assertFails(() -> namespace.reader.open(BOB, "/tmp/closed/none"), ErrorCode.NOT_FOUND);
        assertFails(() -> namespace.reader.open(BOB, "/tmp/closed/f"), ErrorCode.PERMISSION_DENIED);
        assertFails(() -> namespace.reader.open(BOB, "/tmp/closed"), ErrorCode.IS_A_DIRECTORY);
        assertFails(() -> namespace.reader.status(BOB, "/tmp/closed/none"), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void sumsUpATree() throws TractException {
        namespace.file(ALICE, "/tmp/d/f", 10);
        namespace.file(ALICE, "/tmp/d/e/g", 5);
        namespace.run(ALICE, new FileCommand.SetReplication("/tmp/d/e/g", 1));
        assertThat(namespace.reader.contentSummary(ALICE, "/tmp/d")).isEqualTo(new ContentSummary(15, 2, 2, 35));
        assertThat(namespace.reader.contentSummary(ALICE, "/tmp/d/f")).isEqualTo(new ContentSummary(10, 1, 0, 30));
    }

    @Test
    void knowsWhoHoldsAFile() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        assertThat(namespace.reader.holds(FIRST, open.file(), open.generation()))
                .isTrue();
        assertThat(namespace.reader.holds(SECOND, open.file(), open.generation()))
                .isFalse();
        assertThat(namespace.reader.holds(FIRST, open.file(), open.generation().next()))
                .isFalse();
        assertThat(namespace.reader.openFiles()).containsOnly(entry(open.file(), FIRST));
        assertThat(namespace.reader.openFile(open.file())).isPresent();
    }

    @Test
    void readsTheRoot() throws TractException {
        FileStatus root = namespace.reader.status(ROOT, "/");
        assertThat(root.name()).isEmpty();
        assertThat(root.directory()).isTrue();
        assertThat(root.childCount()).isEqualTo(2);
    }
}
