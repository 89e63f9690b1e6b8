package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.format.Superblock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two copies of a store's superblock, each in a file that has it twice. The newer good one counts; a change is written
 * to the older copy first and then to the other too, so that one copy which is damaged later takes back nothing that was
 * promised, above all no incarnation (P6). Thread-safe.
 */
final class SuperblockFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SuperblockFiles.class);

    private final Disk disk;
    private Superblock current;

    private SuperblockFiles(Disk disk, Superblock current) {
        this.disk = disk;
        this.current = current;
    }

    /**
     * Reads the superblock.
     *
     * @throws TractException if there is none (is the disk mounted?), both copies are damaged, or a newer program wrote it
     */
    static SuperblockFiles open(Disk disk) throws IOException {
        Superblock newest = null;
        IOException damage = null;
        for (int copy = 0; copy < 2; copy++) {
            try {
                Optional<Superblock> read = read(disk, Superblock.file(copy));
                if (read.isPresent()
                        && (newest == null || newest.sequence() < read.get().sequence())) {
                    newest = read.get();
                }
            } catch (FormatException e) {
                if (e.isNewer()) {
                    throw new TractException(ErrorCode.UNSUPPORTED, disk.name() + ": " + e.getMessage(), e);
                }
                LOG.error(
                        "directory={} file={} state=damaged reason=\"{}\"",
                        disk.name(),
                        Superblock.file(copy),
                        e.getMessage());
                damage = e;
            }
        }
        if (newest == null && damage != null) {
            throw new TractException(
                    ErrorCode.DAMAGED,
                    disk.name() + ": no superblock verifies (" + damage.getMessage()
                            + "); format the directory anew after what other stores hold has been recovered",
                    damage);
        }
        if (newest == null) {
            throw new TractException(
                    ErrorCode.STORE_FAILED,
                    disk.name() + " has no superblock: not mounted? (A new store is formatted by command.)");
        }
        return new SuperblockFiles(disk, newest);
    }

    /** Whether a directory has a superblock, good or not. */
    static boolean isPresent(Disk disk) throws IOException {
        return disk.list("").stream().anyMatch(name -> name.startsWith("superblock."));
    }

    /** Writes both copies of a new store. */
    static void format(Disk disk, Superblock fresh) throws IOException {
        new SuperblockFiles(disk, fresh).update(block -> block);
        disk.forceDirectory("");
    }

    synchronized Superblock current() {
        return current;
    }

    /** Changes the superblock, durably and in both copies. */
    synchronized void update(UnaryOperator<Superblock> change) throws IOException {
        Superblock changed = change.apply(current);
        for (int copy = 0; copy < 2; copy++) {
            Superblock next = changed.withSequence(current.sequence() + 1);
            write(disk, next);
            current = next;
        }
    }

    private static Optional<Superblock> read(Disk disk, String path) throws IOException {
        Optional<DiskFile> file = disk.open(path);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (DiskFile opened = file.get()) {
            ByteBuffer target = ByteBuffer.allocate(2 * Superblock.SIZE);
            int size = opened.read(target, 0);
            return Optional.of(decode(disk, path, target.flip(), size));
        }
    }

    /** The first half, or the second one where that is damaged. */
    private static Superblock decode(Disk disk, String path, ByteBuffer halves, int size) throws FormatException {
        try {
            return Superblock.decode(halves.slice(0, Math.min(size, Superblock.SIZE)));
        } catch (FormatException e) {
            if (e.isNewer() || size < 2 * Superblock.SIZE) {
                throw e;
            }
            Superblock second = Superblock.decode(halves.slice(Superblock.SIZE, Superblock.SIZE));
            LOG.error("directory={} file={} state=half-damaged reason=\"{}\"", disk.name(), path, e.getMessage());
            return second;
        }
    }

    private static void write(Disk disk, Superblock block) throws IOException {
        try (DiskFile file = disk.create(Superblock.file(block.sequence()))) {
            ByteBuffer halves = ByteBuffer.allocate(2 * Superblock.SIZE);
            file.write(halves.put(block.encode()).put(block.encode()).flip(), 0);
            file.force();
        }
    }
}
