package io.tractfs.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files that the stores of a cluster keep, to be damaged. Immutable. */
public record StoreFiles(Path cluster) {
    /** Where data of a tract of 8 MiB begins in its file. */
    public static final int DATA = 69_632;

    /** Files of tracts, of all stores, that are at least so long. */
    public List<Path> tracts(long leastBytes) {
        try (Stream<Path> walk = Files.walk(cluster.resolve("data"))) {
            return walk.filter(file -> file.toString().contains("/tracts/"))
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() >= leastBytes)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files of the same tract in other stores, the file itself included. */
    public List<Path> copies(Path tract) {
        return tracts(0).stream()
                .filter(file -> file.getFileName().equals(tract.getFileName()))
                .toList();
    }

    /** The newest file of a store, tracts aside, whose name contains some text. */
    public static Path ofKind(Path store, String text) {
        try (Stream<Path> walk = Files.walk(store)) {
            return walk.filter(file -> !file.toString().contains("/tracts/"))
                    .filter(file -> file.getFileName().toString().contains(text))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new AssertionError("no file with " + text + " in its name in " + store));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Turns all bits of one byte over. */
    public static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(offset);
            int before = open.read();
            open.seek(offset);
            open.write(before ^ 0xFF);
        }
    }

    /** A stretch of a file. */
    public static byte[] bytes(Path file, long offset, int length) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[length];
            open.seek(offset);
            open.readFully(bytes);
            return bytes;
        }
    }
}
