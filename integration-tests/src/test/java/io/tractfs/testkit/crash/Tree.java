package io.tractfs.testkit.crash;

import java.util.Map;
import java.util.TreeMap;

/** Directories and files below a worker's directory, by path. Not thread-safe. */
final class Tree {
    final TreeMap<String, WrittenFile> files = new TreeMap<>();
    /** Value is unused. */
    final TreeMap<String, Boolean> directories = new TreeMap<>();

    Tree copy() {
        Tree copy = new Tree();
        copy.files.putAll(files);
        copy.directories.putAll(directories);
        return copy;
    }

    /** Does a step as it is once acknowledged. */
    void done(Step step) {
        switch (step.verb()) {
            case MKDIRS -> directories.put(step.path(), true);
            case RENAME -> rename(step.path(), step.other());
            case DELETE -> delete(step.path());
            case CREATE -> files.put(step.path(), WrittenFile.created(step.number()));
            case APPEND -> files.put(step.path(), file(step).opened(step.number()));
            case WRITE -> {
                // Its bytes count from its beginning on; nothing is promised by its end.
            }
            case HFLUSH, HSYNC ->
                files.put(step.path(), file(step).promised(file(step).most()));
            case CLOSE -> files.put(step.path(), file(step).closed());
            case TRUNCATE -> files.put(step.path(), file(step).cut(step.number()));
        }
    }

    /** Takes note of what a step may do before it is acknowledged. */
    void begun(Step step) {
        if (step.verb() == Step.Verb.WRITE) {
            files.put(step.path(), file(step).written(step.number()));
        }
    }

    /** Takes out all below a path, the path included. */
    Tree takeOut(String path) {
        Tree out = new Tree();
        move(files, out.files, path, path);
        move(directories, out.directories, path, path);
        return out;
    }

    void addAll(Tree other) {
        files.putAll(other.files);
        directories.putAll(other.directories);
    }

    private WrittenFile file(Step step) {
        WrittenFile file = files.get(step.path());
        if (file == null) {
            throw new IllegalStateException("no file for " + step);
        }
        return file;
    }

    private void delete(String path) {
        Tree unused = takeOut(path);
    }

    private void rename(String from, String to) {
        delete(to);
        Tree moved = new Tree();
        move(files, moved.files, from, to);
        move(directories, moved.directories, from, to);
        addAll(moved);
    }

    private static <V> void move(Map<String, V> from, Map<String, V> into, String old, String fresh) {
        for (Map.Entry<String, V> entry : Map.copyOf(from).entrySet()) {
            String path = entry.getKey();
            if (path.equals(old) || path.startsWith(old + "/")) {
                from.remove(path);
                into.put(fresh + path.substring(old.length()), entry.getValue());
            }
        }
    }
}
