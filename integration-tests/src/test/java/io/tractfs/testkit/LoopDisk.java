package io.tractfs.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A file system of its own in an image file, whose power can be cut: from one instant on nothing reaches the image any
 * more, and what was only in memory is lost when it is mounted again. Needs root, loop devices, ext4 and Perl. Not
 * thread-safe.
 */
public final class LoopDisk implements AutoCloseable {
    private static final int COMMAND_S = 120;

    /** EXT4_IOC_SHUTDOWN with NOLOGFLUSH: stop at once, write nothing more, not even the journal. */
    private static final String CUT = "for (@ARGV) {"
            + " open(my $d, '<', $_) or die $!; my $f = pack('L', 2); ioctl($d, 0x8004587d, $f) or die $!; }";

    private final Path image;
    private final Path mountPoint;
    private boolean mounted;

    private LoopDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** Why there can be none here. */
    public static Obstacle obstacle() {
        return new Obstacle(reason());
    }

    private static String reason() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "a file system in an image needs root";
        }
        if (!Files.exists(Path.of("/dev/loop-control"))) {
            return "there are no loop devices";
        }
        for (String tool : List.of("mkfs.ext4", "mount", "umount", "perl")) {
            if (run("sh", "-c", "command -v " + tool).exitCode() != 0) {
                return "there is no " + tool;
            }
        }
        return "";
    }

    /** Makes an image of some size (it takes only what is used) and mounts it. */
    public static LoopDisk create(Path image, Path mountPoint, long mebibytes) throws IOException {
        Files.createDirectories(image.getParent());
        run("truncate", "-s", mebibytes + "M", image.toString()).orFail();
        run("mkfs.ext4", "-q", "-F", image.toString()).orFail();
        LoopDisk disk = new LoopDisk(image, mountPoint);
        disk.mount();
        return disk;
    }

    /** Makes a disk in place of a directory that nobody uses, with its content, synced as who wrote it left it. */
    public static LoopDisk inPlaceOf(Path directory, long mebibytes) throws IOException {
        Path old = directory.resolveSibling(directory.getFileName() + ".old");
        Files.move(directory, old);
        LoopDisk disk = create(directory.resolveSibling(directory.getFileName() + ".img"), directory, mebibytes);
        run("cp", "-a", old + "/.", directory.toString()).orFail();
        run("sync", "-f", directory.toString()).orFail();
        return disk;
    }

    /** Where it is mounted. */
    public Path mountPoint() {
        return mountPoint;
    }

    /** Cuts the power. Processes that use the disk get I/O errors from here on, and have to be killed. */
    public void cut() {
        cut(List.of(this));
    }

    /** Cuts the power of several disks, within a few milliseconds. */
    public static void cut(Collection<LoopDisk> disks) {
        List<String> words = new ArrayList<>(List.of("perl", "-e", CUT));
        disks.forEach(disk -> words.add(disk.mountPoint.toString()));
        run(words.toArray(String[]::new)).orFail();
    }

    /** Power is back: unmounts and mounts, which replays the journal of the file system. */
    public void mountAgain() throws IOException {
        unmount();
        mount();
    }

    private void mount() throws IOException {
        Files.createDirectories(mountPoint);
        run("mount", "-o", "loop", image.toString(), mountPoint.toString()).orFail();
        mounted = true;
    }

    private void unmount() {
        Command.Outcome outcome = run("umount", mountPoint.toString());
        for (int i = 0; i < 300 && outcome.exitCode() != 0; i++) {
            // The kernel closes files of a killed process after it is gone.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            outcome = run("umount", mountPoint.toString());
        }
        if (outcome.exitCode() != 0) {
            String find = "find /proc/[0-9]* -maxdepth 2 -lname '" + mountPoint + "*' -printf '%p %l\\n' 2>/dev/null";
            throw new AssertionError(
                    outcome.output() + "It is used by: " + run("sh", "-c", find).output());
        }
        mounted = false;
    }

    /** Unmounts and deletes the image. */
    @Override
    public void close() throws IOException {
        if (mounted) {
            unmount();
        }
        Files.deleteIfExists(image);
    }

    private static Command.Outcome run(String... words) {
        return new Command(List.of(words), Map.of(), COMMAND_S).run();
    }
}
