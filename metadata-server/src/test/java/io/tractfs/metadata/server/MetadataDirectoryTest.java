package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.id.ClusterId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a directory is, also when bytes of the file that says it have rotted. */
class MetadataDirectoryTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));

    @TempDir
    Path root;

    @BeforeEach
    void format() throws IOException {
        Files.delete(root);
        MetadataDirectory.format(root, CLUSTER, new UUID(3, 4));
    }

    private void assertOpens() throws IOException {
        try (MetadataDirectory directory = MetadataDirectory.open(root)) {
            assertThat(directory.cluster()).isEqualTo(CLUSTER);
        }
    }

    private void damage(String name, int place, int bits) throws IOException {
        byte[] bytes = Files.readAllBytes(root.resolve(name));
        bytes[place] ^= (byte) bits;
        Files.write(root.resolve(name), bytes);
    }

    @Test
    void repairsBytesOfEitherFileFromTheOther() throws IOException {
        byte[] sound = Files.readAllBytes(root.resolve("identity"));
        for (String name : List.of("identity", "identity.copy")) {
            for (int place = 0; place < sound.length; place += 7) {
                damage(name, place, place % 2 == 0 ? 1 : 0xFF);
                assertOpens();
                assertThat(Files.readAllBytes(root.resolve(name))).isEqualTo(sound);
            }
            Files.delete(root.resolve(name));
            assertOpens();
            assertThat(Files.readAllBytes(root.resolve(name))).isEqualTo(sound);
        }
    }

    @Test
    void refusesADirectoryOfWhichBothAreDamagedAndNamesIt() throws IOException {
        damage("identity", 30, 1);
        damage("identity.copy", 31, 1);
        assertThatThrownBy(() -> MetadataDirectory.open(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(root.resolve("identity").toString());
    }

    @Test
    void takesADirectoryOfAnEarlierProgram() throws IOException {
        Files.delete(root.resolve("identity.copy"));
        String text = Files.readString(root.resolve("identity"));
        Files.writeString(root.resolve("identity"), text.substring(0, text.indexOf("checksum")));
        assertOpens();
    }
}
