package io.tractfs.tract.server;

import io.tractfs.wire.checkpoint.CheckpointArchive;
import io.tractfs.wire.checkpoint.CheckpointSink;
import io.tractfs.wire.proto.CheckpointFile;
import io.tractfs.wire.proto.CheckpointHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of the namespace that takes the place of the last one only if it is no worse (P30): of a metadata server that served,
 * of a namespace that nobody has yet to confirm, and no older. The last one before a restore is kept beside it. Not
 * thread-safe.
 */
final class GuardedCopy implements CheckpointSink, AutoCloseable {
    /** What the copy's name becomes when the first one after a restore comes. */
    static final String BEFORE_RESTORE = ".before-restore";

    /** A restore lifts the epoch by at least as much, and nothing else does. */
    private static final int RESTORE_LIFT = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(GuardedCopy.class);

    private final Path file;
    private final CheckpointArchive archive;
    private final Optional<CheckpointHead> last;

    /** Writes beside the last copy, which stays as it is until the new one is whole. */
    GuardedCopy(Path file) throws IOException {
        this.file = file;
        this.last = headOf(file);
        this.archive = new CheckpointArchive(file);
    }

    /** What a file is a copy of; one that cannot be read counts as none. */
    static Optional<CheckpointHead> headOf(Path file) {
        try {
            return CheckpointArchive.headOf(file);
        } catch (IOException e) {
            LOG.warn("event=namespace-copy-unreadable file={} reason=\"{}\"", file, e.toString());
            return Optional.empty();
        }
    }

    /** Whether every byte of a copy verifies; one that does not is reported, and is to be made anew. */
    static boolean isWhole(Path file) {
        try {
            CheckpointHead unused = CheckpointArchive.verify(file);
            return true;
        } catch (IOException e) {
            LOG.error("event=namespace-copy-damaged file={} reason=\"{}\"", file, e.toString());
            return false;
        }
    }

    @Override
    public void begin(CheckpointHead head) throws IOException {
        if (!head.getConfirmed()) {
            throw new IOException("the namespace of " + head.getMetadataServer()
                    + " is not confirmed: it was restored from a copy, or does not take writes");
        }
        if (last.isPresent() && isOlder(head, last.get())) {
            throw new IOException(
                    "the namespace of " + head.getMetadataServer() + ", epoch " + head.getEpoch() + " index "
                            + head.getAppliedIndex() + ", is older than the copy, epoch "
                            + last.get().getEpoch() + " index "
                            + last.get().getAppliedIndex());
        }
        long bytes =
                head.getFilesList().stream().mapToLong(CheckpointFile::getSize).sum();
        long free = Files.getFileStore(file.resolveSibling(".")).getUsableSpace();
        if (free / 2 < bytes) {
            throw new IOException("a copy of " + bytes + " bytes would take more than half of the " + free
                    + " bytes that the disk has left");
        }
        archive.begin(head);
    }

    private static boolean isOlder(CheckpointHead head, CheckpointHead other) {
        int epochs = Integer.compareUnsigned(head.getEpoch(), other.getEpoch());
        return epochs < 0 || (epochs == 0 && Long.compareUnsigned(head.getAppliedIndex(), other.getAppliedIndex()) < 0);
    }

    @Override
    public void piece(int index, long offset, ByteBuffer bytes) throws IOException {
        archive.piece(index, offset, bytes);
    }

    @Override
    public void end() throws IOException {
        if (last.isPresent() && archive.head().getEpoch() - last.get().getEpoch() >= RESTORE_LIFT) {
            Path kept = file.resolveSibling(file.getFileName() + BEFORE_RESTORE);
            Files.deleteIfExists(kept);
            Files.createLink(kept, file);
            LOG.info(
                    "event=namespace-copy-kept file={} epoch={}",
                    kept,
                    last.get().getEpoch());
        }
        archive.end();
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
