package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The jar that users get: nothing in it may meet anything of theirs. */
class JarContentsIT {
    private static final Path JAR = Path.of(System.getProperty("tractfs.jar"));
    private static final Pattern HADOOP_CLASS = Pattern.compile("org/apache/hadoop/[\\w/$]+");
    private static final Set<String> HADOOP_PACKAGES = Set.of("fs", "conf", "security");
    /** Beyond the packages: what overridden signatures name. */
    private static final Set<String> HADOOP_CLASSES = Set.of(
            "org/apache/hadoop/util/Progressable",
            "org/apache/hadoop/util/ShutdownHookManager",
            "org/apache/hadoop/util/DataChecksum$Type",
            "org/apache/hadoop/io/MD5Hash",
            "org/apache/hadoop/ipc/RemoteException");

    private static JarFile jar;
    private static List<String> names;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(JAR.toFile());
        names = jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> !name.endsWith("/"))
                .toList();
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    @Test
    void holdsNothingOutsideItsOwnPackages() {
        assertThat(names)
                .allMatch(name -> name.startsWith("io/tractfs/")
                        || name.startsWith("META-INF/")
                        || name.equals("tractfs-default.xml"));
        assertThat(names).noneMatch(name -> name.endsWith(".proto") || name.endsWith("module-info.class"));
        assertThat(names).noneMatch(name -> name.contains("slf4j") || name.contains("rocksdb"));
    }

    @Test
    void holdsNothingElseInMetaInf() {
        assertThat(names)
                .filteredOn(name -> name.startsWith("META-INF/"))
                .allMatch(name -> name.matches("META-INF/(MANIFEST.MF|NOTICE|LICENSE-TractFS.txt|LICENSES-bundled.txt"
                        + "|native/libio_tractfs_shaded_netty_[\\w]+\\.so|services/org.apache.hadoop.fs.FileSystem)"))
                .anyMatch(name -> name.contains("epoll_x86_64"))
                .anyMatch(name -> name.endsWith("NOTICE"))
                .anyMatch(name -> name.endsWith("LICENSE-TractFS.txt"))
                .anyMatch(name -> name.endsWith("LICENSES-bundled.txt"));
    }

    @Test
    void announcesTheFileSystem() throws IOException {
        assertThat(text("META-INF/services/org.apache.hadoop.fs.FileSystem"))
                .isEqualToIgnoringWhitespace(TractFileSystem.class.getName());
    }

    @Test
    void carriesItsNotice() throws IOException {
        assertThat(text("META-INF/NOTICE")).contains("TractFS").contains("9,170,892");
    }

    @Test
    void touchesOnlyWhatPlainAndShadedHadoopShare() throws IOException {
        Set<String> foreign = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith("io/tractfs/hadoop/") && name.endsWith(".class")) {
                constants(name).forEach(constant -> collectForeign(constant, foreign));
            }
        }

        assertThat(foreign).isEmpty();
    }

    @Test
    void leavesNoNameOfWhatWasMoved() throws IOException {
        Pattern unmoved = Pattern.compile("(?<!io/tractfs/shaded/)\\b(io/netty|com/google/protobuf|io/micrometer)/\\w");
        for (String name : names) {
            if (name.startsWith("io/tractfs/") && name.endsWith(".class") && !name.contains("/shaded/")) {
                assertThat(constants(name))
                        .as(name)
                        .noneMatch(text -> unmoved.matcher(text).find());
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void loadsItsNativeTransportUnderItsNewName() throws Exception {
        URL[] path = {JAR.toUri().toURL()};
        try (URLClassLoader alone = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> epoll = alone.loadClass("io.tractfs.shaded.io.netty.channel.epoll.Epoll");
            epoll.getMethod("ensureAvailability").invoke(null);

            assertThat(epoll.getMethod("isAvailable").invoke(null)).isEqualTo(true);
        }
    }

    private static void collectForeign(String constant, Set<String> foreign) {
        Matcher matcher = HADOOP_CLASS.matcher(constant);
        while (matcher.find()) {
            String type = matcher.group();
            if (!HADOOP_PACKAGES.contains(type.split("/", -1)[3]) && !HADOOP_CLASSES.contains(outer(type))) {
                foreign.add(type);
            }
        }
    }

    private static String outer(String type) {
        return type.equals("org/apache/hadoop/util/DataChecksum") ? type + "$Type" : type;
    }

    private static String text(String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The texts of a class's constant pool: names of classes, signatures, strings. */
    private static Set<String> constants(String name) throws IOException {
        Set<String> texts = new TreeSet<>();
        try (DataInputStream in = new DataInputStream(jar.getInputStream(jar.getEntry(name)))) {
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts.add(in.readUTF());
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++;
                    }
                    default -> throw new IOException("Unknown constant " + tag + " in " + name);
                }
            }
        }
        return texts;
    }
}
