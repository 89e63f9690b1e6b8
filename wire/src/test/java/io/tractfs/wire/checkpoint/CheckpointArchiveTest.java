package io.tractfs.wire.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.wire.proto.CheckpointFile;
import io.tractfs.wire.proto.CheckpointHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointArchiveTest {
    private static final CheckpointHead HEAD = CheckpointHead.newBuilder()
            .setAppliedIndex(77)
            .addFiles(CheckpointFile.newBuilder().setName("000001.sst").setSize(5))
            .addFiles(CheckpointFile.newBuilder().setName("EMPTY").setSize(0))
            .addFiles(CheckpointFile.newBuilder().setName("CURRENT").setSize(2))
            .build();

    @TempDir
    Path directory;

    private Path written() throws IOException {
        Path file = directory.resolve("backup");
        try (CheckpointArchive archive = new CheckpointArchive(file)) {
            archive.begin(HEAD);
            archive.piece(0, 0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            archive.piece(0, 3, ByteBuffer.wrap(new byte[] {4, 5}));
            archive.piece(2, 0, ByteBuffer.wrap(new byte[] {6, 7}));
            archive.end();
        }
        return file;
    }

    @Test
    void givesTheFilesBackAsTheyWere() throws IOException {
        Path copy = directory.resolve("copy");

        CheckpointHead head = CheckpointArchive.read(written(), new CheckpointDirectory(copy));

        assertThat(head).isEqualTo(HEAD);
        assertThat(copy.resolve("000001.sst")).hasBinaryContent(new byte[] {1, 2, 3, 4, 5});
        assertThat(copy.resolve("EMPTY")).isEmptyFile();
        assertThat(copy.resolve("CURRENT")).hasBinaryContent(new byte[] {6, 7});
    }

    @Test
    void noticesEveryFlippedByte() throws IOException {
        Path file = written();
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            assertThatThrownBy(() -> CheckpointArchive.verify(file)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void noticesEveryCut() throws IOException {
        Path file = written();
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> CheckpointArchive.verify(file)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesAPieceOfNoFileAndOneThatIsLongerThanItsFile() throws IOException {
        Path file = directory.resolve("backup");
        for (int more : new int[] {1, 4}) {
            try (CheckpointArchive archive = new CheckpointArchive(file)) {
                archive.begin(HEAD);
                archive.piece(0, 0, ByteBuffer.wrap(new byte[5]));
                archive.piece(2, 0, ByteBuffer.wrap(new byte[more]));
                archive.piece(3, 0, ByteBuffer.wrap(new byte[1]));
                archive.end();
            }
            assertThatThrownBy(() -> CheckpointArchive.verify(file)).hasMessageContaining("is damaged: a piece");
        }
    }

    @Test
    void refusesABackupWithoutAFileThatItsHeadNames() throws IOException {
        Path file = directory.resolve("backup");
        try (CheckpointArchive archive = new CheckpointArchive(file)) {
            archive.begin(HEAD);
            archive.piece(0, 0, ByteBuffer.wrap(new byte[5]));
            archive.end();
        }
        assertThatThrownBy(() -> CheckpointArchive.verify(file)).hasMessageContaining("it lacks the end of CURRENT");
    }

    @Test
    void leavesAnOlderFileAloneUntilTheNewOneIsWhole() throws IOException {
        Path file = written();
        try (CheckpointArchive archive = new CheckpointArchive(file)) {
            archive.begin(HEAD);
        }

        assertThat(CheckpointArchive.verify(file)).isEqualTo(HEAD);
        assertThat(CheckpointArchive.headOf(file)).contains(HEAD);
        assertThat(CheckpointArchive.headOf(directory.resolve("none"))).isEmpty();
        assertThat(directory).isDirectoryContaining("glob:**backup");
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void writesNoFileOutsideItsDirectory() {
        CheckpointHead head = CheckpointHead.newBuilder()
                .addFiles(CheckpointFile.newBuilder().setName("../x").setSize(0))
                .build();

        assertThatThrownBy(() -> new CheckpointDirectory(directory.resolve("copy")).begin(head))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("../x");
    }
}
