package io.tractfs.testkit.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.jspecify.annotations.Nullable;

/**
 * Does random steps in a directory of its own, one after the other, and writes down what it begins and what was
 * acknowledged. Paths are never used a second time but to be replaced. What a failed step concerns is left alone from
 * then on. Confined to its thread, but for {@link #watched}.
 */
final class CrashWorker implements Runnable {
    private static final int MOST_OPEN = 2;
    private static final int MOST_FILES = 12;
    private static final int MOST_DIRECTORIES = 4;
    private static final int LARGEST_WRITE = 1 << 20;
    private static final int MOST_BYTES = 6 << 20;
    private static final long CLOSED_WITHIN_MS = 120_000;

    private final FileSystem files;
    private final String root;
    private final Journal journal;
    private final SplittableRandom random;
    private final Tree tree = new Tree();
    private final Map<Long, FSDataOutputStream> streams = new HashMap<>();
    private final byte[] bytes = new byte[LARGEST_WRITE];
    private int names;
    private volatile boolean stopped;
    private volatile @Nullable Watched watched;

    /** A file that is being written and what is promised of it. Immutable. */
    record Watched(String path, WrittenFile file) {
        boolean isSameAs(@Nullable Watched other) {
            return other != null
                    && other.path.equals(path)
                    && other.file.session() == file.session()
                    && other.file.open();
        }
    }

    /** A call that may fail. */
    private interface Action {
        void run() throws IOException;
    }

    CrashWorker(FileSystem files, String root, Journal journal, long seed) {
        this.files = files;
        this.root = root;
        this.journal = journal;
        this.random = new SplittableRandom(seed);
    }

    /** What a reader may watch at this moment. */
    @Nullable
    Watched watched() {
        return watched;
    }

    /** Ends the work after the present step and closes what is open. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        tree.directories.put(root, true);
        Step first = Step.of(Step.Verb.MKDIRS, root);
        perform(first, () -> files.mkdirs(new Path(root)));
        while (!stopped) {
            next();
        }
        for (String path : openFiles()) {
            close(path);
        }
    }

    private void next() {
        List<String> open = openFiles();
        int dice = random.nextInt(100);
        if (!open.isEmpty() && dice < 70) {
            writeSomething(open.get(random.nextInt(open.size())));
            return;
        }
        List<String> closed = new ArrayList<>(tree.files.keySet());
        closed.removeAll(open);
        if (closed.isEmpty() || (open.size() < MOST_OPEN && tree.files.size() < MOST_FILES && dice < 82)) {
            create(someDirectory() + "/f" + names++);
            return;
        }
        String path = closed.get(random.nextInt(closed.size()));
        if (dice < 88 && open.size() < MOST_OPEN) {
            append(path);
        } else if (dice < 91) {
            truncate(path);
        } else if (dice < 94) {
            List<String> all = new ArrayList<>(tree.files.keySet());
            rename(all.get(random.nextInt(all.size())), someDirectory() + "/r" + names++);
        } else if (dice < 96) {
            perform(Step.of(Step.Verb.DELETE, path), () -> require(files.delete(new Path(path), false), "delete"));
        } else if (dice < 97 && open.size() < MOST_OPEN) {
            create(path);
        } else {
            changeDirectories();
        }
    }

    private void writeSomething(String path) {
        int dice = random.nextInt(100);
        WrittenFile file = file(path);
        FSDataOutputStream stream = stream(file);
        if (dice < 60 && file.most() < MOST_BYTES) {
            write(path, file, stream);
        } else if (dice < 80) {
            perform(Step.of(Step.Verb.HFLUSH, path), stream::hflush);
        } else if (dice < 88) {
            perform(Step.of(Step.Verb.HSYNC, path), stream::hsync);
        } else if (dice < 91) {
            rename(path, someDirectory() + "/o" + names++);
        } else {
            close(path);
        }
    }

    private void write(String path, WrittenFile file, FSDataOutputStream stream) {
        int size = random.nextInt(10);
        int count = 1 + random.nextInt(size < 5 ? 2_000 : size < 9 ? 70_000 : LARGEST_WRITE);
        file.fill(file.most(), bytes, count);
        perform(Step.of(Step.Verb.WRITE, path, count), () -> stream.write(bytes, 0, count));
    }

    private void create(String path) {
        long seed = random.nextLong(Long.MAX_VALUE);
        perform(Step.of(Step.Verb.CREATE, path, seed), () -> streams.put(seed, files.create(new Path(path), true)));
    }

    private void append(String path) {
        long seed = random.nextLong(Long.MAX_VALUE);
        perform(Step.of(Step.Verb.APPEND, path, seed), () -> {
            FSDataOutputStream stream = random.nextBoolean()
                    ? files.append(new Path(path))
                    : files.create(
                            new Path(path),
                            FsPermission.getFileDefault(),
                            EnumSet.of(CreateFlag.CREATE, CreateFlag.APPEND),
                            4096,
                            files.getDefaultReplication(new Path(path)),
                            files.getDefaultBlockSize(new Path(path)),
                            null);
            streams.put(seed, stream);
        });
    }

    private WrittenFile file(String path) {
        return Objects.requireNonNull(tree.files.get(path), path);
    }

    private FSDataOutputStream stream(WrittenFile file) {
        return Objects.requireNonNull(streams.get(file.session()), "an open stream");
    }

    private void truncate(String path) {
        long length = random.nextLong(file(path).most() + 1);
        perform(Step.of(Step.Verb.TRUNCATE, path, length), () -> {
            if (!files.truncate(new Path(path), length)) {
                awaitClosed(path);
            }
        });
    }

    private void awaitClosed(String path) throws IOException {
        long deadline = System.nanoTime() + CLOSED_WITHIN_MS * 1_000_000;
        while (!((LeaseRecoverable) files).isFileClosed(new Path(path))) {
            require(System.nanoTime() < deadline, "the end of a truncation");
        }
    }

    private void close(String path) {
        FSDataOutputStream stream = stream(file(path));
        perform(Step.of(Step.Verb.CLOSE, path), stream::close);
    }

    private void rename(String from, String to) {
        perform(Step.rename(from, to), () -> require(files.rename(new Path(from), new Path(to)), "rename"));
    }

    private void changeDirectories() {
        List<String> directories = new ArrayList<>(tree.directories.keySet());
        directories.remove(root);
        if (directories.size() < MOST_DIRECTORIES) {
            String path = root + "/d" + names++;
            perform(Step.of(Step.Verb.MKDIRS, path), () -> require(files.mkdirs(new Path(path)), "mkdirs"));
            return;
        }
        String path = directories.get(random.nextInt(directories.size()));
        boolean busy = openFiles().stream().anyMatch(open -> open.startsWith(path + "/"));
        if (busy || random.nextBoolean()) {
            rename(path, root + "/e" + names++);
        } else {
            perform(Step.of(Step.Verb.DELETE, path), () -> require(files.delete(new Path(path), true), "delete"));
        }
    }

    private String someDirectory() {
        List<String> directories = new ArrayList<>(tree.directories.keySet());
        return directories.isEmpty() ? root : directories.get(random.nextInt(directories.size()));
    }

    private List<String> openFiles() {
        List<String> open = new ArrayList<>();
        tree.files.forEach((path, file) -> {
            if (file.open()) {
                open.add(path);
            }
        });
        return open;
    }

    private static void require(boolean done, String what) throws IOException {
        if (!done) {
            throw new IOException("false from " + what);
        }
    }

    private void perform(Step step, Action action) {
        Watched before = watched;
        boolean grows =
                step.verb() == Step.Verb.WRITE || step.verb() == Step.Verb.HFLUSH || step.verb() == Step.Verb.HSYNC;
        if (before != null && !grows) {
            watched = null;
        }
        journal.begun(step);
        tree.begun(step);
        try {
            action.run();
            journal.acknowledged();
            tree.done(step);
            watched = choose();
        } catch (IOException | RuntimeException e) {
            journal.failed(e);
            Tree unused = tree.takeOut(step.path());
            watched = null;
        }
    }

    private @Nullable Watched choose() {
        for (Map.Entry<String, WrittenFile> entry : tree.files.entrySet()) {
            if (entry.getValue().open()) {
                return new Watched(entry.getKey(), entry.getValue());
            }
        }
        return null;
    }
}
