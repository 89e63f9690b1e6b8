package io.tractfs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void readsWhatItWrote() throws Exception {
        Settings settings = new Settings(Map.of("tract.store.dirs", "/a b/<&>\"', /ü", "tract.store.empty", ""));
        Path file = directory.resolve("tract.xml");

        ConfigFile.write(file, settings);

        assertThat(ConfigFile.read(file)).isEqualTo(settings);
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void overwritesAnOlderFile() throws Exception {
        Path file = directory.resolve("tract.xml");
        ConfigFile.write(file, new Settings(Map.of("old", "1")));

        ConfigFile.write(file, new Settings(Map.of("new", "2")));

        assertThat(ConfigFile.read(file).values()).containsExactly(Map.entry("new", "2"));
    }

    @Test
    void passesOverDescriptionsAndComments() throws Exception {
        Path file = file("<configuration><!-- hello --><property><name> a.b </name><value>\n c </value>"
                + "<description>says what</description><final>true</final></property></configuration>");

        assertThat(ConfigFile.read(file).values()).containsExactly(Map.entry("a.b", "c"));
    }

    @Test
    void refusesADocumentType() throws Exception {
        Path file = file("<!DOCTYPE configuration [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
                + "<configuration><property><name>a</name><value>&x;</value></property></configuration>");

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("DOCTYPE");
    }

    @Test
    void namesEveryProblemAtOnce() throws Exception {
        Path file = file("<configuration><property><name>a</name><value>1</value></property>"
                + "<property><name>a</name><value>2</value></property><property><name>b</name></property><c/>"
                + "</configuration>");

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a is set twice")
                .hasMessageContaining("needs a <name> and a <value>")
                .hasMessageContaining("<c> within <configuration>");
    }

    @Test
    void namesTheLineOfBrokenXml() throws Exception {
        Path file = file("<configuration>\n<property>\n</configuration>");

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 3");
    }

    @Test
    void refusesAnotherKindOfDocument() throws Exception {
        Path file = file("<project/>");

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected <configuration>");
    }

    @Test
    void saysWhichFileIsMissing() {
        Path file = directory.resolve("none.xml");

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("NoSuchFileException");
    }

    @Test
    void refusesAFileThatCannotBeAConfiguration() throws Exception {
        Path file = Files.write(directory.resolve("large.xml"), new byte[(4 << 20) + 1]);

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("larger than");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("tract.xml"), text);
    }
}
