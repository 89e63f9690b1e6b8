package io.tractfs.metadata.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * Space on the disk that is held by a file without a meaning, so that no other program takes it: where the disk is full to
 * the last byte, the file is deleted, and the log has what it needs to remove names. Not thread-safe.
 */
final class HeldSpace {
    private static final String NAME = "held-space";
    /** Enough for the removal of some ten thousand names, and for a new file of the log. */
    private static final long MOST_BYTES = 16 << 20;
    /** Of a small disk no more than this part is held. */
    private static final int MOST_HELD_PART = 16;

    private static final int PIECE_BYTES = 1 << 20;

    private final Path file;

    /** Space beside the other files of a metadata server's directory. */
    HeldSpace(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /** How much is to be held of a disk, in bytes. */
    static long bytesOf(long totalBytes) {
        return Math.min(MOST_BYTES, totalBytes / MOST_HELD_PART);
    }

    /** Whether anything is held. */
    boolean isHeld() {
        return Files.exists(file);
    }

    /** Takes space, with bytes that no file system leaves out; takes none if there is not enough. */
    void take(long bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(bytes);
        byte[] piece = new byte[PIECE_BYTES];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (long left = bytes; left > 0; left -= PIECE_BYTES) {
                random.nextBytes(piece);
                ByteBuffer content = ByteBuffer.wrap(piece, 0, (int) Math.min(left, PIECE_BYTES));
                while (content.hasRemaining()) {
                    channel.write(content);
                }
            }
            channel.force(true);
        } catch (IOException e) {
            give();
            throw e;
        }
    }

    /** Gives it back to whoever is first: the log, if nobody else waits for space. */
    void give() throws IOException {
        Files.deleteIfExists(file);
    }
}
