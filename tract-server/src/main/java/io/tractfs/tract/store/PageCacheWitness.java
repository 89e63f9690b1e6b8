package io.tractfs.tract.store;

import io.tractfs.id.StoreId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether what a killed process wrote to a directory without a sync can still be there (P7). The machine's boot id
 * alone does not tell: a disk that was unplugged, or an image of it that was copied, comes back under the same one
 * without the pages that were in memory. So a count is written again and again, unsynced, to a file of the store and then
 * to one in memory that lives as long as the machine is up:
 *
 * <pre>
 * STORE/pulse                       8  count
 * /dev/shm/tractfs-pulse-STOREID    16 boot id, 16 id of the page cache's life, 8 count
 * </pre>
 *
 * <p>The file in memory stays when the store is closed: an image that was taken before, while the store was open, may come
 * back after. If the store's file is behind the one in memory, pages were lost, and a new life begins. Without a memory file system
 * the life is the boot. Confined to one thread at a time.
 */
public final class PageCacheWitness {
    /** Where Linux keeps files in memory. */
    public static final Path MEMORY = Path.of("/dev/shm");

    private static final Logger LOG = LoggerFactory.getLogger(PageCacheWitness.class);
    private static final String PULSE = "pulse";
    private static final int MEMORY_BYTES = 40;

    private final Path disk;
    private final Optional<Path> memory;
    private final UUID boot;
    private final UUID life;
    private long count;

    private PageCacheWitness(Path disk, Optional<Path> memory, UUID boot, UUID life, long count) {
        this.disk = disk;
        this.memory = memory;
        this.boot = boot;
        this.life = life;
        this.count = count;
    }

    /**
     * Looks at what the last process left.
     *
     * @param store directory of the store
     * @param boot id of the machine's present start
     * @param memory directory in memory; where it is absent or on a disk, only the boot id counts
     */
    public static PageCacheWitness open(Path store, StoreId id, UUID boot, Path memory) throws IOException {
        Path pulse = store.resolve(PULSE);
        Optional<Path> file =
                isInMemory(memory) ? Optional.of(memory.resolve("tractfs-pulse-" + id.value())) : Optional.empty();
        ByteBuffer onDisk = read(pulse);
        long found = onDisk.remaining() < Long.BYTES ? 0 : onDisk.getLong();
        ByteBuffer inMemory = file.isPresent() ? read(file.get()) : ByteBuffer.allocate(0);
        UUID life = boot;
        long last = found;
        if (inMemory.remaining() == MEMORY_BYTES && boot.equals(uuid(inMemory))) {
            UUID known = uuid(inMemory);
            last = inMemory.getLong();
            life = found < last ? UUID.randomUUID() : known;
        }
        if (found < last) {
            LOG.warn("directory={} unsynced pages were lost: count={} of {}", store, found, last);
        }
        return new PageCacheWitness(pulse, file, boot, life, Math.max(found, last));
    }

    private static boolean isInMemory(Path directory) {
        try {
            return Files.isWritable(directory)
                    && Files.getFileStore(directory).type().equals("tmpfs");
        } catch (IOException e) {
            return false;
        }
    }

    /** Names the time since pages were lost last: as long as it is the same, unsynced bytes are there. */
    public UUID life() {
        return life;
    }

    /** Counts on; to be called about once a second. A count that cannot be written changes nothing. */
    public void renew() {
        if (memory.isEmpty()) {
            return;
        }
        long next = count + 1;
        try {
            write(disk, ByteBuffer.allocate(Long.BYTES).putLong(next).flip());
            ByteBuffer state = ByteBuffer.allocate(MEMORY_BYTES);
            put(state, boot);
            put(state, life);
            write(memory.get(), state.putLong(next).flip());
            count = next;
        } catch (IOException e) {
            LOG.debug("file={} not renewed", disk, e);
        }
    }

    private static ByteBuffer read(Path file) throws IOException {
        return Files.exists(file) ? ByteBuffer.wrap(Files.readAllBytes(file)) : ByteBuffer.allocate(0);
    }

    private static void write(Path file, ByteBuffer bytes) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options)) {
            int unused = channel.write(bytes, 0);
        }
    }

    private static UUID uuid(ByteBuffer from) {
        return new UUID(from.getLong(), from.getLong());
    }

    private static void put(ByteBuffer target, UUID id) {
        target.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
}
