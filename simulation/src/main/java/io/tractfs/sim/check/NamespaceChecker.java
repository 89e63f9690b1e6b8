package io.tractfs.sim.check;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.Command;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.server.LeaseClock;
import io.tractfs.sim.check.NamespaceModel.ModelFile;
import io.tractfs.sim.check.NamespaceModel.Piece;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.metadata.ClusterRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the namespace to I8 and I9. Every command is carried out once more on a model, in the order of the log: what it is
 * said to have done has to be possible there, and has to be what the state machine has afterwards. A call takes effect once
 * and at most once, between its first sending and its answer, and its answer is what it did. What a reader is told of a
 * path was true at some moment between its question and the answer. Not thread-safe.
 */
public final class NamespaceChecker implements ClusterRecords.Witness {
    private final Truth truth;
    private final NamespaceModel model;
    private final Map<CallName, Long> calls = new HashMap<>();
    private final Map<Long, Effect> effects = new HashMap<>();
    private final Map<String, NavigableMap<Long, Optional<ModelFile>>> history = new HashMap<>();
    private @Nullable NamespaceState state;
    private long index;
    private long commands;
    private final Map<FileId, Taken> generations = new HashMap<>();

    /**
     * Who has a file.
     *
     * @param acknowledged whether it was opened by another writer, not only fenced by a recovery
     */
    private record Taken(Generation generation, boolean acknowledged) {}

    /** What a call did, and when. Immutable. */
    private record Effect(long index, Result result) {}

    /** A checker of a namespace without files. */
    public NamespaceChecker(Truth truth) {
        this.truth = truth;
        this.model = new NamespaceModel(truth);
    }

    /** Names the state machine that is checked. */
    public void watch(NamespaceState watched) {
        this.state = watched;
    }

    /** Commands of clients that took effect. */
    public long commands() {
        return commands;
    }

    /** Index of the last entry of the log. */
    public long index() {
        return index;
    }

    /** A client sends a call, under some name; every attempt of it has the same number. */
    public void sends(long number, CallName name) {
        calls.put(name, number);
    }

    /** A client was told that its call did this. */
    public void answered(long number, Result result) {
        if (result instanceof Result.Refused refused && refused.code() == ErrorCode.CALL_TOO_OLD) {
            return; // Says that nobody knows: the clock jumped.
        }
        Effect effect = effects.get(number);
        boolean didNothing = result instanceof Result.Refused
                || result.equals(Result.NO)
                || result instanceof Result.Answer
                || result instanceof Result.Recovering;
        if (effect == null ? !didNothing : !effect.result().equals(result)) {
            throw new Violation("I8", "call " + number + " did " + effect + " and was answered " + result);
        }
    }

    /** A client was told that its call was refused. */
    public void refused(long number, ErrorCode code) {
        Effect effect = effects.get(number);
        if (effect != null) {
            throw new Violation("I8", "call " + number + " did " + effect + " and was refused with " + code);
        }
    }

    /** A reader that asked when the log was at an index is told what a path is now; null if there is no such file. */
    public void told(String path, long since, @Nullable FileStatus status) {
        NavigableMap<Long, Optional<ModelFile>> all = history.getOrDefault(path, new TreeMap<>());
        List<Optional<ModelFile>> possible =
                new ArrayList<>(all.tailMap(since, false).values());
        Map.Entry<Long, Optional<ModelFile>> before = all.floorEntry(since);
        possible.add(before == null ? Optional.empty() : before.getValue());
        boolean found = possible.stream().anyMatch(one -> isSame(one, status));
        if (!found) {
            throw new Violation(
                    "I8", "a reader was told that " + path + " is " + status + "; since it asked, it was " + possible);
        }
    }

    private static boolean isSame(Optional<ModelFile> file, @Nullable FileStatus status) {
        if (file.isEmpty() || status == null) {
            return file.isEmpty() && status == null;
        }
        return file.get().id().equals(status.file())
                && file.get().open() == status.open()
                && file.get().pieces().equals(NamespaceModel.pieces(status.segments()));
    }

    /** A writer tells its user that all bytes up to here are safe, so the file has to be its own (I10), and to keep them (I9). */
    public void flushed(FileId file, Generation generation, LeaseClock.Acknowledged upTo) {
        truth.progress(upTo.blob(), upTo.length(), 0);
        @Nullable Taken taken = generations.get(file);
        if (taken != null && taken.generation().compareTo(generation) > 0 && taken.acknowledged()) {
            throw new Violation(
                    "I10",
                    "generation " + generation + " of file " + file + " goes on after generation " + taken.generation()
                            + " did");
        }
    }

    /** A writer gives a file up because another has it. */
    public void lost(FileId file, Generation generation, String why) {
        @Nullable String path = model.pathOf(file);
        @Nullable Taken taken = generations.get(file);
        boolean own = path != null
                && taken != null
                && taken.generation().equals(generation)
                && Objects.requireNonNull(model.file(path)).open();
        if (own) {
            throw new Violation(
                    "I6", "generation " + generation + " of " + path + " gave up though nobody had taken it: " + why);
        }
    }

    @Override
    public void applied(long at, Call call, Result result, boolean tookEffect) {
        index = at;
        if (!tookEffect) {
            return;
        }
        @Nullable Long number = calls.get(call.name());
        if (number != null) {
            commands++;
            Effect before = effects.putIfAbsent(number, new Effect(at, result));
            if (before != null) {
                throw new Violation("I8", "call " + number + " did " + before + " and once more " + result);
            }
        }
        Map<String, ModelFile> was = new TreeMap<>(model.files());
        if (result instanceof Result.Opened opened) {
            take(opened.status(), true);
        } else if (result instanceof Result.Recovering recovering) {
            take(recovering.status(), false);
        }
        follow(call.command(), result);
        note(was);
        compare();
    }

    private void take(FileStatus status, boolean acknowledged) {
        generations.put(status.file(), new Taken(status.generation(), acknowledged));
    }

    private void follow(Command command, Result result) {
        if (command instanceof FileCommand.Create create && result instanceof Result.Opened opened) {
            require(create.overwrite() || model.file(create.path()) == null, create, result);
            model.created(create.path(), opened.status());
        } else if (command instanceof FileCommand.Append append && result instanceof Result.Opened opened) {
            @Nullable ModelFile file = model.file(append.path());
            require(file != null && !file.open(), append, result);
            model.take(append.path(), opened.status());
        } else if (result instanceof Result.Opened opened) {
            model.take(pathOf(opened.status().file()), opened.status());
        } else if (result instanceof Result.Status status) {
            model.take(pathOf(status.status().file()), status.status());
        } else if (result.equals(Result.YES)) {
            followAnswer(command, result);
        }
    }

    private void followAnswer(Command command, Result result) {
        if (command instanceof FileCommand.Delete delete) {
            model.remove(delete.path());
        } else if (command instanceof FileCommand.Truncate truncate) {
            model.truncated(truncate.path(), truncate.length());
        } else if (command instanceof FileCommand.Rename rename
                && !rename.source().equals(rename.destination())) {
            require(model.below(rename.destination()).isEmpty(), rename, result);
            model.rename(rename.source(), rename.destination());
        }
    }

    private String pathOf(FileId file) {
        String path = model.pathOf(file);
        if (path == null) {
            throw new Violation("I8", "a command took effect on file " + file + ", which was deleted");
        }
        return path;
    }

    private static void require(boolean possible, FileCommand command, Result result) {
        if (!possible) {
            throw new Violation("I8", command + " cannot have given " + result);
        }
    }

    /** Remembers since when each path is what it is. */
    private void note(Map<String, ModelFile> was) {
        was.forEach((path, file) -> {
            if (!model.files().containsKey(path)) {
                historyOf(path).put(index, Optional.empty());
            }
        });
        model.files().forEach((path, file) -> {
            if (!file.equals(was.get(path))) {
                historyOf(path).put(index, Optional.of(file));
            }
        });
    }

    private NavigableMap<Long, Optional<ModelFile>> historyOf(String path) {
        return history.computeIfAbsent(path, absent -> new TreeMap<>());
    }

    /** What the state machine has is what the model has: no blob that a file consists of is garbage. */
    private void compare() {
        model.files().forEach((path, file) -> {
            for (Piece piece : file.pieces()) {
                if (!Objects.requireNonNull(state).isAlive(piece.blob())) {
                    throw new Violation("P32", "blob " + piece.blob() + " of " + path + " is garbage");
                }
            }
        });
    }

    /** What must be true at the end: nothing is open, and what no file refers to is garbage. */
    void checkEnd() {
        NamespaceState watched = Objects.requireNonNull(state);
        model.files().forEach((path, file) -> {
            if (file.open()) {
                throw new Violation("liveness", path + " is still open: " + file);
            }
        });
        truth.dead().stream().filter(watched::isAlive).findFirst().ifPresent(blob -> {
            throw new Violation("P32", "blob " + blob + " belongs to no file and is not garbage");
        });
    }

    /** Paths of the files that are open. */
    public List<String> open() {
        List<String> open = new ArrayList<>();
        model.files().forEach((path, file) -> {
            if (file.open()) {
                open.add(path);
            }
        });
        return open;
    }
}
