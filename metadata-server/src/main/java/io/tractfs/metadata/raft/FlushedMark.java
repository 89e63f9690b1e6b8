package io.tractfs.metadata.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to which index the database was flushed when the log was cut last, in the file {@code flushed} beside the log: a database
 * that has less lost what the log does not have any more. Written before the log is cut, as
 * {@code <CRC32C, 8 hexadecimal digits> <index, 20 digits>}. Confined to the thread that cuts the log.
 */
final class FlushedMark {
    private static final Logger LOG = LoggerFactory.getLogger(FlushedMark.class);
    private static final String FILE = "flushed";

    private final Path file;

    /** The mark in a log's directory, which is there. */
    FlushedMark(Path directory) {
        this.file = directory.resolve(FILE);
    }

    /**
     * Checks a database before it is used.
     *
     * @throws IOException if it has applied less than it had when the log was cut
     */
    void check(long applied) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        Optional<Long> flushed = parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (flushed.isEmpty()) {
            LOG.error("event=mark-damaged file={}", file);
        } else if (applied < flushed.get()) {
            throw new IOException(
                    "The namespace's database ends at entry " + applied + " of the log, but was flushed up to "
                            + flushed.get()
                            + ", and the log before that is gone: it is damaged or an old copy. Bring back the newest"
                            + " copy of the directory; one of several metadata servers joins again with an empty one");
        }
    }

    /** Writes the mark, durably. */
    void write(long flushed) throws IOException {
        if (flushed < 0) {
            return;
        }
        String index = String.format(Locale.ROOT, "%020d", flushed);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(checksum(index) + " " + index);
            long at = 0;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            channel.force(true);
        }
    }

    private static Optional<Long> parse(String text) {
        int space = text.indexOf(' ');
        String index = text.substring(space + 1);
        boolean good = space > 0 && text.substring(0, space).equals(checksum(index)) && index.matches("[0-9]{20}");
        return good ? Optional.of(Long.parseLong(index)) : Optional.empty();
    }

    private static String checksum(String index) {
        CRC32C crc = new CRC32C();
        crc.update(index.getBytes(StandardCharsets.ISO_8859_1));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
