package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.permission.Access;
import io.tractfs.metadata.permission.Requester;
import org.junit.jupiter.api.Test;

class ReservedPathsTest {
    private final TestNamespace namespace = new TestNamespace();

    private static String byId(FileStatus status) {
        return "/.reserved/.inodes/" + status.file();
    }

    private void assertNotFound(Requester requester, String path, ErrorCode code) {
        assertThatThrownBy(() -> namespace.reader.status(requester, path))
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void namesAFileByItsNumberWhereverItHangs() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 10);
        assertThat(namespace.status(byId(file))).isEqualTo(namespace.status("/tmp/f"));
        namespace.mkdirs(ALICE, "/tmp/d/e");
        namespace.run(ALICE, new FileCommand.Rename("/tmp/f", "/tmp/d/e/g", RenameRule.STRICT));
        namespace.run(ALICE, new FileCommand.Rename("/tmp/d", "/tmp/x", RenameRule.STRICT));
        assertThat(namespace.status(byId(file)).name()).isEqualTo("g");
        assertThat(namespace.status(byId(namespace.status("/tmp/x")) + "/e/g").length())
                .isEqualTo(10);
        assertThat(namespace.status("/.reserved/.inodes/1")).isEqualTo(namespace.status("/"));
    }

    @Test
    void changesWhatItNames() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 10);
        assertThat(namespace.run(ALICE, new FileCommand.SetPermission(byId(file), 0600)))
                .isEqualTo(Result.DONE);
        assertThat(namespace.status("/tmp/f").attributes().permission()).isEqualTo(0600);
    }

    @Test
    void asksForTheRightsOfTheRealPath() {
        namespace.mkdirs(ALICE, "/tmp/secret", 0700);
        FileStatus file = namespace.file(ALICE, "/tmp/secret/f", 10);
        assertNotFound(BOB, byId(file), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void doesNotFindWhatIsDeletedOrNoNumber() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 10);
        namespace.run(ALICE, new FileCommand.Delete("/tmp/f", false));
        FileStatus replaced = namespace.file(ALICE, "/tmp/g", 10);
        namespace.run(ALICE, TestNamespace.creation("/tmp/g", true));
        for (String path : new String[] {byId(file), byId(replaced), "/.reserved/.inodes/x", "/.reserved/.inodes/-1"}) {
            assertNotFound(ALICE, path, ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void showsItselfAndWhatIsInIt() throws TractException {
        FileStatus top = namespace.reader.status(ALICE, "/.reserved");
        assertThat(top.directory()).isTrue();
        assertThat(top.name()).isEqualTo(".reserved");
        assertThat(top.attributes().permission()).isEqualTo(01770);
        assertThat(namespace.reader.list(ALICE, "/.reserved", "", 10, false).entries())
                .extracting(FileStatus::name)
                .containsExactly(".inodes", "raw");
        assertThat(namespace.reader.list(ALICE, "/", "", 100, false).entries())
                .extracting(FileStatus::name)
                .doesNotContain(".reserved");
    }

    @Test
    void refusesEncryptedViewsAndNewNames() throws TractException {
        assertNotFound(ALICE, "/.reserved/raw/tmp", ErrorCode.INVALID_ARGUMENT);
        assertRefused(namespace.run(ALICE, new FileCommand.Mkdirs("/.reserved/x", 0755, true)), ErrorCode.INVALID_PATH);
        assertRefused(namespace.run(ALICE, TestNamespace.creation("/.reserved", false)), ErrorCode.INVALID_PATH);
        namespace.reader.checkAccess(ALICE, "/.reserved/.inodes/1", Access.READ);
    }
}
