package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.permission.Requester;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TreeWalkTest {
    private final TestNamespace namespace = new TestNamespace();

    private List<String> walk(Requester requester, String top, int limit) throws TractException {
        List<String> found = new ArrayList<>();
        TreeWalk.Page page = namespace.reader.walk(requester, top, "", limit);
        page.entries().forEach(entry -> found.add(entry.path()));
        while (page.more()) {
            page = namespace.reader.walk(requester, top, found.get(found.size() - 1), limit);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
            page.entries().forEach(entry -> found.add(entry.path()));
        }
        return found;
    }

    @Test
    void meetsEverythingOnceInPagesOfAnySize() throws TractException {
        Random random = new Random(3);
        TreeSet<String> made = new TreeSet<>(List.of("/tmp/w"));
        List<String> directories = new ArrayList<>(List.of("/tmp/w"));
        namespace.mkdirs(ROOT, "/tmp/w");
        for (int i = 0; i < 60; i++) {
            String path =
                    directories.get(random.nextInt(directories.size())) + "/" + "abcé-".charAt(random.nextInt(5)) + i;
            if (random.nextInt(3) == 0) {
                namespace.mkdirs(ROOT, path);
                directories.add(path);
            } else {
                namespace.file(ROOT, path, i);
            }
            made.add(path);
        }
        List<String> whole = walk(ROOT, "/tmp/w", 1000);
        assertThat(whole).containsExactlyInAnyOrderElementsOf(made);
        for (int limit = 1; limit < 8; limit++) {
            assertThat(walk(ROOT, "/tmp/w", limit)).isEqualTo(whole);
        }
    }

    @Test
    void tellsAFileAloneWithItsSegments() throws TractException {
        namespace.file(ROOT, "/tmp/f", 7);

        TreeWalk.Page page = namespace.reader.walk(ROOT, "/tmp/f", "", 10);

        assertThat(page.more()).isFalse();
        assertThat(page.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.path()).isEqualTo("/tmp/f");
            assertThat(entry.status().segments()).hasSize(1);
        });
    }

    @Test
    void goesOnBehindAnEntryThatIsGoneByThen() throws TractException {
        for (String path : List.of("/tmp/w/a/1", "/tmp/w/a/2", "/tmp/w/b/1", "/tmp/w/c")) {
            namespace.file(ROOT, path, 1);
        }
        assertThat(namespace.reader.walk(ROOT, "/tmp/w", "", 3).entries())
                .extracting(TreeWalk.Walked::path)
                .containsExactly("/tmp/w", "/tmp/w/a", "/tmp/w/a/1");

        namespace.run(ROOT, new FileCommand.Delete("/tmp/w/a", true));

        assertThat(namespace.reader.walk(ROOT, "/tmp/w", "/tmp/w/a/1", 10).entries())
                .extracting(TreeWalk.Walked::path)
                .containsExactly("/tmp/w/b", "/tmp/w/b/1", "/tmp/w/c");
    }

    @Test
    void asksForTheRightToReadEachDirectory() throws TractException {
        namespace.mkdirs(ROOT, "/tmp/open", 0777);
        namespace.file(ALICE, "/tmp/open/f", 1);
        namespace.mkdirs(ALICE, "/tmp/open/private", 0700);

        assertThat(walk(ALICE, "/tmp/open", 1)).hasSize(3);
        assertThat(walk(BOB, "/tmp/open/f", 1)).containsExactly("/tmp/open/f");
        assertThatThrownBy(() -> walk(BOB, "/tmp/open", 1)).isInstanceOfSatisfying(TractException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
            assertThat(error.getMessage()).contains("/tmp/open/private");
        });
    }

    @Test
    void refusesAPlaceOutsideTheTree() {
        assertThatThrownBy(() -> namespace.reader.walk(ROOT, "/tmp", "/user/root", 10))
                .isInstanceOfSatisfying(
                        TractException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
