package io.tractfs.metadata.server.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopTopologyTest {
    @TempDir
    private Path directory;

    @Test
    void asksTheScriptForHostsThatNameNoDomainThemselves() throws IOException {
        Path script = directory.resolve("topology.sh");
        Files.writeString(script, "#!/bin/sh\nfor host in \"$@\"; do echo \"/rack-$host\"; done\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        HadoopTopology topology = new HadoopTopology(Map.of("net.topology.script.file.name", script.toString()));

        assertThat(topology.domainOf("10.0.0.7", "/default-rack")).isEqualTo("/rack-10.0.0.7");
        assertThat(topology.domainOf("10.0.0.7", "/mine")).isEqualTo("/mine");
    }

    @Test
    void readsATable() throws IOException {
        Path table = Files.writeString(directory.resolve("table"), "10.0.0.7 /a/b\n");
        HadoopTopology topology = new HadoopTopology(Map.of(
                "net.topology.node.switch.mapping.impl",
                "org.apache.hadoop.net.TableMapping",
                "net.topology.table.file.name",
                table.toString()));

        assertThat(topology.domainOf("10.0.0.7", "/default-rack")).isEqualTo("/a/b");
        assertThat(topology.domainOf("10.0.0.8", "/default-rack")).isEqualTo("/default-rack");
    }

    @Test
    void knowsOneDomainWithoutAScriptOrWithOneThatFails() {
        assertThat(new HadoopTopology(Map.of()).domainOf("10.0.0.7", "")).isEqualTo("/default-rack");
        HadoopTopology broken = new HadoopTopology(Map.of(
                "net.topology.script.file.name", directory.resolve("none").toString()));
        assertThat(broken.domainOf("10.0.0.7", "/default-rack")).isEqualTo("/default-rack");
    }
}
