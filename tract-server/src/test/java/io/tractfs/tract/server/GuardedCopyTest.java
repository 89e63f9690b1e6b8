package io.tractfs.tract.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.wire.checkpoint.CheckpointArchive;
import io.tractfs.wire.proto.CheckpointFile;
import io.tractfs.wire.proto.CheckpointHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedCopyTest {
    private static final CheckpointHead FIRST = head(3, 100).build();

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("copy");
    }

    private static CheckpointHead.Builder head(int epoch, long index) {
        return CheckpointHead.newBuilder()
                .setMetadataServer("metadata-1")
                .setEpoch(epoch)
                .setAppliedIndex(index)
                .setConfirmed(true);
    }

    private void copy(CheckpointHead head) throws IOException {
        try (GuardedCopy copy = new GuardedCopy(file())) {
            copy.begin(head);
            copy.end();
        }
    }

    private void assertRefused(CheckpointHead head, String why) {
        assertThatThrownBy(() -> copy(head)).isInstanceOf(IOException.class).hasMessageContaining(why);
        assertThat(GuardedCopy.headOf(file())).contains(FIRST);
    }

    @Test
    void aLaterOneTakesThePlaceOfTheLast() throws IOException {
        copy(FIRST);
        CheckpointHead later = head(4, 100).build();

        copy(later);

        assertThat(CheckpointArchive.verify(file())).isEqualTo(later);
        assertThat(directory).isDirectoryNotContaining("glob:**before-restore");
    }

    @Test
    void anUnconfirmedNamespaceReplacesNothing() throws IOException {
        copy(FIRST);

        assertRefused(head(70_000, 200).setConfirmed(false).build(), "not confirmed");
    }

    @Test
    void anOlderOneReplacesNothing() throws IOException {
        copy(FIRST);

        assertRefused(head(2, 5_000).build(), "older");
        assertRefused(head(3, 99).build(), "older");
    }

    @Test
    void theLastOneBeforeARestoreIsKept() throws IOException {
        copy(FIRST);
        CheckpointHead restored = head(3 + 65_536, 50).build();

        copy(restored);

        assertThat(CheckpointArchive.verify(file())).isEqualTo(restored);
        assertThat(CheckpointArchive.verify(directory.resolve("copy.before-restore")))
                .isEqualTo(FIRST);
    }

    @Test
    void oneThatWouldFillTheDiskReplacesNothing() throws IOException {
        copy(FIRST);

        assertRefused(
                head(4, 200)
                        .addFiles(CheckpointFile.newBuilder().setName("1.sst").setSize(Long.MAX_VALUE / 4))
                        .build(),
                "half");
    }

    @Test
    void oneWithAFlippedByteIsNotWholeAndIsReplacedByOneOfTheSameState() throws IOException {
        copy(FIRST);
        assertThat(GuardedCopy.isWhole(file())).isTrue();
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length - 1] ^= 1;
        Files.write(file(), bytes);
        assertThat(GuardedCopy.isWhole(file())).isFalse();

        copy(FIRST);

        assertThat(GuardedCopy.isWhole(file())).isTrue();
    }

    @Test
    void aDamagedOneIsReplaced() throws IOException {
        Files.writeString(file(), "TRACTCP1 and then nothing that is right");

        copy(FIRST);

        assertThat(CheckpointArchive.verify(file())).isEqualTo(FIRST);
    }
}
