package io.tractfs.metadata.server;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a reserve of the disk for the log and the database, so that they are never torn by a full disk: below it names can be
 * read, removed and closed, but not made; above it everything goes on by itself. What others on the disk took of the reserve
 * is made up for by {@link HeldSpace}. Confined to the starting thread, then to the timer thread.
 */
final class SpaceGuard {
    /** Of a small disk no more than this part is reserved. */
    private static final int MOST_RESERVED_PART = 4;
    /** With less than this part of the reserve, and less than so many bytes, nothing is written that can wait. */
    private static final int SCARCE_PART = 4;

    private static final long SCARCE_BYTES = 64 << 20;
    /** Looks before space is held or given again after that failed. */
    private static final int LOOKS_AFTER_FAILURE = 300;

    private static final Logger LOG = LoggerFactory.getLogger(SpaceGuard.class);

    private final Path directory;
    private final long reserveBytes;
    private final LeaderGate gate;
    private final Space space;
    private final HeldSpace held;
    private boolean low;
    private int looksWithoutHold;

    /** Where space is asked for. */
    @FunctionalInterface
    interface Space {
        /** Total and usable bytes. */
        Bytes now() throws IOException;
    }

    /**
     * Bytes of a disk.
     *
     * @param total all
     * @param usable by this process
     */
    record Bytes(long total, long usable) {}

    SpaceGuard(Path directory, long reserveBytes, LeaderGate gate, Space space) {
        this.directory = directory;
        this.reserveBytes = reserveBytes;
        this.gate = gate;
        this.space = space;
        this.held = new HeldSpace(directory);
    }

    /** A guard of the disk that a directory is on. */
    static SpaceGuard of(Path directory, long reserveBytes, LeaderGate gate) {
        return new SpaceGuard(directory, reserveBytes, gate, () -> {
            FileStore store = Files.getFileStore(directory);
            return new Bytes(store.getTotalSpace(), store.getUsableSpace());
        });
    }

    /** Looks once. A disk that does not answer changes nothing: the log will say what is wrong with it. */
    void look() {
        try {
            Bytes now = space.now();
            long reserve = Math.min(reserveBytes, now.total() / MOST_RESERVED_PART);
            // Some more is asked for to go on, so that it does not flutter.
            boolean nowLow = now.usable() < (low ? reserve + reserve / 8 : reserve);
            gate.scarce(now.usable() < Math.min(SCARCE_BYTES, reserve / SCARCE_PART));
            if (nowLow != low) {
                low = nowLow;
                gate.space(low ? reason(now.usable(), reserve) : "");
                LOG.warn(
                        "event=space-{} directory={} free={} reserve={}",
                        low ? "low" : "back",
                        directory,
                        now.usable(),
                        reserve);
            }
            if (looksWithoutHold > 0) {
                looksWithoutHold--;
            } else {
                hold(now, reserve);
            }
        } catch (IOException e) {
            LOG.warn("event=space-unknown directory={} reason=\"{}\"", directory, e.toString());
        }
    }

    private void hold(Bytes now, long reserve) {
        try {
            giveOrTake(now, reserve);
        } catch (IOException e) {
            looksWithoutHold = LOOKS_AFTER_FAILURE;
            LOG.warn("event=held-space-failed directory={} reason=\"{}\"", directory, e.toString());
        }
    }

    private void giveOrTake(Bytes now, long reserve) throws IOException {
        long wanted = Math.min(reserve, HeldSpace.bytesOf(now.total()));
        if (now.usable() < wanted / 2 && held.isHeld()) {
            held.give();
            LOG.warn("event=held-space-given directory={} free={} given={}", directory, now.usable(), wanted);
        } else if (wanted > 0 && now.usable() > reserve + reserve / 8 + wanted && !held.isHeld()) {
            held.take(wanted);
            LOG.info("event=held-space-taken directory={} bytes={}", directory, wanted);
        }
    }

    private String reason(long usable, long reserve) {
        return "No space left on the metadata server's disk: " + directory + " has " + usable + " bytes free, and "
                + reserve + " are reserved for the log (" + MetadataConfig.RESERVE.name()
                + "); names can be read and removed until there is more";
    }
}
