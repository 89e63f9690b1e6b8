package io.tractfs.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files that the stores of a cluster keep, to be damaged. Immutable. */
public record StoreFiles(Path cluster) {
    /** Where data of a tract of 8 MiB begins in its file. */
    public static final int DATA = 69_632;

    /** Files of tracts, of all stores, that are at least so long. The stores may run meanwhile. */
    public List<Path> tracts(long leastBytes) {
        return files(cluster.resolve("data"))
                .filter(file -> file.toString().contains("/tracts/"))
                .filter(file -> file.toFile().length() >= leastBytes)
                .sorted()
                .toList();
    }

    /** Files of the same tract in other stores, the file itself included. */
    public List<Path> copies(Path tract) {
        return tracts(0).stream()
                .filter(file -> file.getFileName().equals(tract.getFileName()))
                .toList();
    }

    /** The newest file of a store, tracts aside, whose name contains some text. */
    public static Path ofKind(Path store, String text) {
        return files(store)
                .filter(file -> !file.toString().contains("/tracts/"))
                .filter(file -> file.getFileName().toString().contains(text))
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new AssertionError("no file with " + text + " in its name in " + store));
    }

    /** All files below a directory, but those that its server deletes meanwhile. */
    private static Stream<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream();
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
