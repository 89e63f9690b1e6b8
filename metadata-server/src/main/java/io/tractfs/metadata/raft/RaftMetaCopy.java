package io.tractfs.metadata.raft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis keeps its term in {@code raft-meta}, a text without a checksum: a flipped digit would be believed. This keeps a copy
 * with one beside it, which is written whenever the peer leads, and puts it back, with the next term, where the original is
 * gone, cannot be read or is older. That is right for a peer that is alone: it votes for nobody else. The copy is
 * {@code <CRC32C, 8 hexadecimal digits> <term>}. Stateless.
 */
final class RaftMetaCopy {
    private static final Logger LOG = LoggerFactory.getLogger(RaftMetaCopy.class);
    private static final String ORIGINAL = "raft-meta";
    private static final String COPY = "raft-meta.copy";
    private static final String TERM = "term";
    private static final String VOTED_FOR = "votedFor";

    private RaftMetaCopy() {}

    /**
     * Looks after the file of a stopped peer.
     *
     * @param group directory of the Raft group; nothing happens if it is not there
     * @param appliedTerm highest term that the state has applied
     */
    static void repair(Path group, long appliedTerm) throws IOException {
        Path current = group.resolve("current");
        if (!Files.isDirectory(current)) {
            return;
        }
        Optional<Long> found = term(current.resolve(ORIGINAL));
        Optional<Long> copied = copied(current.resolve(COPY));
        long least = Math.max(appliedTerm, copied.orElse(0L));
        // A term grows by one at each start; one that is far above is no term that this peer ever had.
        boolean believable =
                found.isPresent() && found.get() >= least && (copied.isEmpty() || found.get() - least <= 1000);
        if (!believable && least > 0) {
            LOG.error(
                    "event=raft-meta-repaired file={} found={} term={}",
                    current.resolve(ORIGINAL),
                    found.map(String::valueOf).orElse("nothing"),
                    least + 1);
            write(current, ORIGINAL, TERM + "=" + (least + 1) + "\n" + VOTED_FOR + "=\n");
        }
    }

    /** Writes the original file of a peer that has voted. */
    static void write(Path current, long term, String votedFor) throws IOException {
        write(current, ORIGINAL, TERM + "=" + term + "\n" + VOTED_FOR + "=" + votedFor + "\n");
    }

    /** Copies the file of a peer that leads. */
    static void save(Path group) throws IOException {
        Path current = group.resolve("current");
        Optional<Long> found = term(current.resolve(ORIGINAL));
        if (found.isPresent() && !found.equals(copied(current.resolve(COPY)))) {
            write(current, COPY, checksum(found.get()) + " " + found.get());
        }
    }

    private static Optional<Long> term(Path file) {
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file, StandardCharsets.ISO_8859_1)));
            long term = Long.parseLong(properties.getProperty(TERM, ""));
            boolean whole = properties.containsKey(VOTED_FOR) && term >= 0;
            return whole ? Optional.of(term) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> copied(Path file) {
        try {
            String[] words = Files.readString(file, StandardCharsets.ISO_8859_1).split(" ", -1);
            long term = Long.parseLong(words[words.length - 1]);
            return words[0].equals(checksum(term)) ? Optional.of(term) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String checksum(long term) {
        CRC32C crc = new CRC32C();
        crc.update(Long.toString(term).getBytes(StandardCharsets.ISO_8859_1));
        return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Path written = directory.resolve(name + ".new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                written, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel forced = FileChannel.open(directory, StandardOpenOption.READ)) {
            forced.force(true);
        }
    }
}
