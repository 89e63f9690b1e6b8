package io.tractfs.cli.quickstart;

import io.tractfs.cli.console.CommandFailure;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes a directory with all that is in it; follows no links. Stateless, thread-safe. */
public final class DirectoryTree {
    private DirectoryTree() {}

    /** Removes a tree that this program made. */
    public static void delete(Path root) throws CommandFailure {
        try {
            Files.walkFileTree(root, new Deletion());
        } catch (IOException e) {
            throw new CommandFailure("Cannot remove " + root + ": " + e, e);
        }
    }

    /** Deletes files, then their directory. Immutable. */
    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
