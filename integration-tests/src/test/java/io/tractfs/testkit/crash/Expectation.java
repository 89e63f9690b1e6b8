package io.tractfs.testkit.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster may hold below one worker's directory, from the worker's journal and the readers'. A step that was not
 * acknowledged leaves a doubt: its paths are as before it or as after it. Not thread-safe.
 */
final class Expectation {
    private final Tree certain = new Tree();
    private final List<Doubt> doubts = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final boolean onlySynced;
    private int acknowledged;

    /** Two states of the same paths, one of which must be found. */
    record Doubt(Step step, Tree before, Tree after) {}

    private Expectation(boolean onlySynced) {
        this.onlySynced = onlySynced;
    }

    /**
     * Reads a worker's journal, then those of readers that watched it.
     *
     * @param onlySynced whether what was flushed and not synced may be lost
     */
    static Expectation of(Path worker, List<Path> readers, boolean onlySynced) throws IOException {
        Expectation expectation = new Expectation(onlySynced);
        expectation.replay(worker);
        Map<Long, Long> seen = new HashMap<>();
        for (Path reader : readers) {
            expectation.readSeen(reader, seen);
        }
        expectation.promiseSeen(seen);
        return expectation;
    }

    Tree certain() {
        return certain;
    }

    List<Doubt> doubts() {
        return doubts;
    }

    /** Steps that ended with an exception. */
    List<String> failures() {
        return failures;
    }

    /** Promises that the workers and readers themselves found broken. */
    List<String> broken() {
        return broken;
    }

    int acknowledged() {
        return acknowledged;
    }

    private void replay(Path journal) throws IOException {
        @Nullable Step pending = null;
        for (List<String> words : lines(journal)) {
            switch (words.get(0)) {
                case "B" -> {
                    pending = Step.parse(words.subList(1, words.size()));
                    certain.begun(pending);
                }
                case "E" -> {
                    done(certain, required(pending));
                    pending = null;
                    acknowledged++;
                }
                case "F" -> {
                    failures.add(required(pending) + ": " + words.get(1));
                    doubt(required(pending));
                    pending = null;
                }
                case "X" -> broken.add(words.get(1));
                default -> throw new IOException("unknown line " + words + " in " + journal);
            }
        }
        if (pending != null) {
            doubt(pending);
        }
    }

    private void done(Tree tree, Step step) {
        if (step.verb() != Step.Verb.HFLUSH || !onlySynced) {
            tree.done(step);
        }
    }

    private static Step required(@Nullable Step step) throws IOException {
        if (step == null) {
            throw new IOException("an end without a beginning");
        }
        return step;
    }

    private void doubt(Step step) {
        Tree both = certain.takeOut(step.path());
        if (!step.other().isEmpty()) {
            both.addAll(certain.takeOut(step.other()));
        }
        Tree after = both.copy();
        done(after, step);
        doubts.add(new Doubt(step, both, after));
    }

    private void readSeen(Path journal, Map<Long, Long> seen) throws IOException {
        for (List<String> words : lines(journal)) {
            if (words.get(0).equals("S")) {
                seen.merge(Long.valueOf(words.get(1)), Long.valueOf(words.get(2)), Math::max);
            } else if (words.get(0).equals("X")) {
                broken.add(words.get(1));
            }
        }
    }

    private void promiseSeen(Map<Long, Long> seen) {
        if (onlySynced) {
            return;
        }
        List<Tree> all = new ArrayList<>(List.of(certain));
        doubts.stream()
                .filter(doubt -> doubt.step().verb() != Step.Verb.TRUNCATE)
                .forEach(doubt -> all.addAll(List.of(doubt.before(), doubt.after())));
        all.forEach(tree -> tree.files.replaceAll(
                (path, file) -> file.open() ? file.promised(seen.getOrDefault(file.session(), 0L)) : file));
    }

    private static List<List<String>> lines(Path journal) throws IOException {
        if (!Files.exists(journal)) {
            return List.of();
        }
        String text = Files.readString(journal, UTF_8);
        // A kill may cut the last line.
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        return whole.lines().map(line -> List.of(line.split("\t", -1))).toList();
    }
}
