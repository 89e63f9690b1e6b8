package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.it.probe.ReadWriteProbe;
import io.tractfs.testkit.Command;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.SharedCluster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Our one jar, added to each class path that users have, reads and writes. */
class ClassPathsIT {
    private final ProcessCluster cluster = SharedCluster.get();

    @Test
    void worksOnPlainHadoop() {
        String plain = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar") && !entry.contains("tractfs-") && !entry.contains("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        probe("plain", plain);
    }

    @Test
    void worksOnTheShadedClient() throws IOException {
        probe("shaded-3.5.0", jarsBelow("shaded-3.5.0"));
    }

    @Test
    void worksOnTheOlderShadedClientOfSpark() throws IOException {
        probe("shaded-3.4.2", jarsBelow("shaded-3.4.2"));
    }

    private static String jarsBelow(String name) throws IOException {
        try (var jars = Files.list(Path.of(System.getProperty("tractfs.classpaths"), name))) {
            return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }

    private void probe(String name, String hadoop) {
        String classPath = String.join(
                File.pathSeparator,
                cluster.configurationDirectory().toString(),
                System.getProperty("tractfs.adapter.jar"),
                Path.of(ReadWriteProbe.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString(),
                hadoop);
        Command command = new Command(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        ReadWriteProbe.class.getName(),
                        "/tmp/probe-" + name),
                Map.of(),
                120);
        assertThat(command.run().orFail()).contains("PROBE OK");
    }
}
