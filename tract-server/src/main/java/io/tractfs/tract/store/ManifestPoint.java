package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.tract.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far RocksDB's manifest, which only grows, was at some time: its end may be cut off without RocksDB noticing, and with
 * it whole tables. Immutable.
 *
 * @param number of the file, {@code MANIFEST-<number>}; 0 for none
 * @param size its bytes at the time
 * @param checksum CRC32C of these
 */
record ManifestPoint(long number, long size, int checksum) {
    static final ManifestPoint NONE = new ManifestPoint(0, 0, 0);

    private static final String PREFIX = "MANIFEST-";

    /** The manifest of a database as it is now. */
    static ManifestPoint of(Path database) throws IOException {
        long number = current(database);
        Path file = file(database, number);
        long size = sizeOf(file);
        return new ManifestPoint(number, size, checksum(file, size));
    }

    /** This point, or the present one if the manifest has grown since; the database is open. */
    ManifestPoint refreshed(Path database) throws IOException {
        return number != 0 && sizeOf(file(database, number)) == size ? this : of(database);
    }

    /**
     * Checks the database that is open: nobody but RocksDB changes which manifest is current.
     *
     * @throws FormatException if that is not this one, or does not begin as it did
     */
    void checkOpen(Path database) throws IOException {
        if (number != 0 && current(database) != number) {
            throw new FormatException(database.resolve("CURRENT") + " is damaged: the manifest is number " + number);
        }
        check(database);
    }

    /**
     * Checks a database before it is opened.
     *
     * @throws FormatException if its manifest is this one and does not begin as it did
     */
    void check(Path database) throws IOException {
        if (number == 0 || current(database) != number) {
            // Each start writes a new one; a start that did not get further than that has not marked it.
            return;
        }
        Path file = file(database, number);
        if (sizeOf(file) < size || checksum(file, size) != checksum) {
            throw new FormatException(
                    file + " is damaged: it does not begin with the " + size + " bytes written to it");
        }
    }

    private static long current(Path database) throws IOException {
        try {
            String name = Files.readString(database.resolve("CURRENT"), StandardCharsets.ISO_8859_1)
                    .trim();
            return Long.parseLong(name.substring(name.startsWith(PREFIX) ? PREFIX.length() : 0));
        } catch (NumberFormatException e) {
            throw new FormatException(database.resolve("CURRENT") + " names no manifest: " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new FormatException(e.getFile() + " is gone");
        }
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            throw new FormatException(e.getFile() + " is gone");
        }
    }

    private static Path file(Path database, long number) {
        return database.resolve(String.format(java.util.Locale.ROOT, "%s%06d", PREFIX, number));
    }

    private static int checksum(Path file, long size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Reads on to the size or the end.
            }
        }
        return ChunkChecksums.plain(bytes.flip());
    }
}
