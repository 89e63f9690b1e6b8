package io.tractfs.metadata.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Drops closed segments of a stopped peer's log that its durable state has wholly applied, oldest first, so that a start
 * does not read them: Ratis itself drops them only at the next cut, and reads all of its log when it starts. Immutable.
 */
final class AppliedSegments {
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
