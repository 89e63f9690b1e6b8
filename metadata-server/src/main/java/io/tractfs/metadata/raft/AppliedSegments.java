package io.tractfs.metadata.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops segments of a stopped peer's log that its durable state has wholly applied, oldest first, so that a start does not
 * read them: Ratis itself drops them only at the next cut, and reads all of its log when it starts. An open segment goes too
 * if it is damaged and nothing that can be read of it is after the state: Ratis would wait for what is lost for ever, though
 * the state has it. Stateless.
 */
final class AppliedSegments {
    private static final Logger LOG = LoggerFactory.getLogger(AppliedSegments.class);
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");

    private AppliedSegments() {}

    /** A closed segment. */
    private record Segment(Path file, long start, long end) {}

    /**
     * Drops segments of a log.
     *
     * @param group directory of the Raft group; nothing happens if it is not there
     * @param applied index through which the state is durable
     */
    static void drop(Path group, long applied) throws IOException {
        Path current = group.resolve("current");
        if (!Files.isDirectory(current)) {
            return;
        }
        for (Segment segment : closed(current)) {
            if (segment.end() > applied) {
                return;
            }
            Files.delete(segment.file());
        }
        for (Path open : open(current)) {
            long last = lastReadable(open);
            if (startOf(open) <= applied && last < applied) {
                LOG.error(
                        "event=log-damaged file={} last-readable-entry={} applied={}: dropped, the state has it all",
                        open,
                        last,
                        applied);
                Files.delete(open);
            }
        }
    }

    /**
     * Makes sure that the log of one of several peers reaches as far as its state. Ratis would cut it where it is damaged, and
     * the peer would neither have what it had acknowledged nor ever catch up; what it lost, the others have.
     *
     * @param group directory of the Raft group; nothing happens if it is not there
     * @param applied index through which the state is durable
     * @throws IOException if it ends before, and which file is damaged
     */
    static void requireReadable(Path group, long applied) throws IOException {
        Path current = group.resolve("current");
        if (!Files.isDirectory(current)) {
            return;
        }
        for (Path open : open(current)) {
            long last = lastReadable(open);
            if (startOf(open) <= applied && last < applied) {
                throw new IOException("The log file " + open + " is damaged after entry " + last
                        + ", and the names have entry " + applied
                        + ": move the directory away and let this server join again with an empty one");
            }
        }
    }

    private static long startOf(Path open) {
        Matcher matcher = OPEN.matcher(String.valueOf(open.getFileName()));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
    }

    private static List<Path> open(Path current) throws IOException {
        try (Stream<Path> files = Files.list(current)) {
            return files.filter(file ->
                            OPEN.matcher(String.valueOf(file.getFileName())).matches())
                    .toList();
        }
    }

    /** Index of the last entry before the end or the first one that does not verify; -1 if there is none. */
    private static long lastReadable(Path open) throws IOException {
        AtomicLong last = new AtomicLong(-1);
        LogSegmentPath segment = LogSegmentPath.matchLogSegment(open);
        try {
            LogSegment.readSegmentFile(
                    open.toFile(),
                    segment.getStartEnd(),
                    RatisSettings.ENTRY_LIMIT,
                    RaftServerConfigKeys.Log.CorruptionPolicy.WARN_AND_RETURN,
                    null,
                    entry -> last.set(entry.getIndex()));
        } catch (IOException | RuntimeException e) {
            LOG.warn("event=log-unreadable file={} after={} reason=\"{}\"", open, last.get(), e.toString());
        }
        return last.get();
    }

    private static List<Segment> closed(Path current) throws IOException {
        try (Stream<Path> files = Files.list(current)) {
            return files.map(AppliedSegments::parse)
                    .flatMap(List::stream)
                    .sorted((one, other) -> Long.compare(one.start(), other.start()))
                    .toList();
        }
    }

    private static List<Segment> parse(Path file) {
        Matcher matcher = CLOSED.matcher(String.valueOf(file.getFileName()));
        return matcher.matches()
                ? List.of(new Segment(file, Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : List.of();
    }
}
