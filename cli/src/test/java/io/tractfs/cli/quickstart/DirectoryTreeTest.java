package io.tractfs.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.console.CommandFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTreeTest {
    @TempDir
    Path directory;

    @Test
    void removesAllBelowButFollowsNoLink() throws Exception {
        Path mine = Files.createDirectories(directory.resolve("mine"));
        Path other = Files.writeString(directory.resolve("other"), "stays");
        Files.createDirectories(mine.resolve("a/b"));
        Files.writeString(mine.resolve("a/b/c"), "goes");
        Files.createSymbolicLink(mine.resolve("link"), directory);

        DirectoryTree.delete(mine);

        assertThat(mine).doesNotExist();
        assertThat(other).hasContent("stays");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> DirectoryTree.delete(directory.resolve("none")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("none");
    }
}
