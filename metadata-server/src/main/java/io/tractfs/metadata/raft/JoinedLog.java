package io.tractfs.metadata.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The log of a peer that has forgotten all and begins with a copy of the leader's. Stateless. */
public final class JoinedLog {
    /** Names of a log's files begin so, and no others of a checkpoint do. */
    public static final String PREFIX = "log_";

    private JoinedLog() {}

    /**
     * Makes a log out of the files among those of a checkpoint, which are moved. Its peer has voted for the leader that the
     * checkpoint came from. What that leader had counted as delivered to this peer is in the copy, as Ratis expects: it
     * never goes back in what it sends.
     *
     * @param directory of the log, which does not exist yet
     * @param checkpoint directory of the checkpoint
     * @param term in which that leader leads
     * @param leader its name
     */
    public static void make(Path directory, Path checkpoint, long term, String leader) throws IOException {
        Path current = RatisCommandLog.groupDirectory(directory).resolve("current");
        Files.createDirectories(current);
        for (Path file : files(checkpoint)) {
            Files.move(file, current.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
        RaftMetaCopy.write(current, term, leader);
        try (FileChannel opened = FileChannel.open(current, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    private static List<Path> files(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.list(checkpoint)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(PREFIX))
                    .toList();
        }
    }
}
