package io.tractfs.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file system in memory with little space, mounted in place of a directory of a stopped cluster. Not thread-safe. */
public final class SmallDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SmallDisk.class);
    private static final int BLOCK = 1 << 16;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Why there can be none here. */
    public static Obstacle obstacle() {
        return new Obstacle(
                "root".equals(System.getProperty("user.name")) ? "" : "small disks are mounted by root only");
    }

    /** Mounts a disk in place of a directory, which keeps its content. */
    public static SmallDisk inPlaceOf(Path directory, int mebibytes) throws IOException {
        Path aside = directory.resolveSibling(directory.getFileName() + ".aside");
        Files.move(directory, aside);
        Files.createDirectory(directory);
        run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + mebibytes + "m", "tmpfs", directory.toString());
        run("cp", "-a", aside + "/.", directory.toString());
        return new SmallDisk(directory);
    }

    /** Takes all of the space, also what was freed since it was taken last. */
    public void fill() throws IOException {
        byte[] block = new byte[BLOCK];
        for (int size = BLOCK; size >= 1; size /= 16) {
            try (OutputStream out = Files.newOutputStream(
                    directory.resolve("filler-" + size), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                for (long written = 0; written < Integer.MAX_VALUE; written += size) {
                    out.write(block, 0, size);
                }
            } catch (IOException e) {
                LOG.debug("full for pieces of {} bytes", size, e);
            }
        }
    }

    /** What is taken of the space, in bytes. */
    public long usedBytes() throws IOException {
        FileStore store = Files.getFileStore(directory);
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }

    /** Gives the space back. */
    public void empty() throws IOException {
        for (int size = BLOCK; size >= 1; size /= 16) {
            Files.deleteIfExists(directory.resolve("filler-" + size));
        }
    }

    private static void run(String... words) {
        new Command(List.of(words), Map.of(), 60).run().orFail();
    }

    /** Unmounts, even if a process still uses it. */
    @Override
    public void close() {
        run("umount", "-l", directory.toString());
    }
}
