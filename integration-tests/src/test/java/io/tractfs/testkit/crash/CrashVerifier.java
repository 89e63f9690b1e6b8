package io.tractfs.testkit.crash;

import io.tractfs.testkit.Await;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Compares a cluster with what it may hold, recovers the files that were open, and says all that is wrong at once.
 * Not thread-safe.
 */
final class CrashVerifier {
    private static final int APPENDED = 3_000;

    private final FileSystem files;
    private final FileSystem others;
    private final boolean onlySynced;
    private final List<String> problems = new ArrayList<>();
    private int recovered;

    /**
     * Verifies as two clients that know nothing of each other.
     *
     * @param onlySynced whether what was flushed and not synced may be lost; then a file that is open can be read only
     *     once it was recovered
     */
    CrashVerifier(FileSystem files, FileSystem others, boolean onlySynced) {
        this.files = files;
        this.others = others;
        this.onlySynced = onlySynced;
    }

    /** What was wrong so far. */
    List<String> problems() {
        return problems;
    }

    /** Files that were found open and recovered. */
    int recovered() {
        return recovered;
    }

    /**
     * Verifies one worker's directory.
     *
     * @return what is there now: every file closed, every length certain
     */
    Tree verify(String root, Expectation expectation) throws IOException {
        expectation.broken().forEach(what -> problems.add("promise broken while it ran: " + what));
        Map<String, FileStatus> found = list(root);
        Tree settled = expectation.certain();
        for (Expectation.Doubt doubt : expectation.doubts()) {
            settle(doubt, found).ifPresent(settled::addAll);
        }
        settled.directories.put(root, true);
        compareNames(settled, found);
        for (Map.Entry<String, WrittenFile> entry : Map.copyOf(settled.files).entrySet()) {
            FileStatus status = found.get(entry.getKey());
            if (status != null && status.isFile()) {
                settled.files.put(entry.getKey(), settle(entry.getKey(), entry.getValue()));
            }
        }
        return settled;
    }

    /** Verifies what was settled before. */
    void verifyAgain(String root, Tree settled) throws IOException {
        compareNames(settled, list(root));
        settled.files.forEach((path, file) -> {
            try {
                check(path, "settled", file, read(files, path, file));
            } catch (IOException e) {
                problems.add(path + ": " + e);
            }
        });
    }

    private Optional<Tree> settle(Expectation.Doubt doubt, Map<String, FileStatus> found) {
        for (Tree tree : List.of(doubt.after(), doubt.before())) {
            Tree other = tree == doubt.after() ? doubt.before() : doubt.after();
            boolean there = tree.files.keySet().stream().allMatch(path -> isFile(found.get(path)))
                    && tree.directories.keySet().stream().allMatch(found::containsKey)
                    && other.files.keySet().stream().allMatch(p -> tree.files.containsKey(p) || !found.containsKey(p))
                    && other.directories.keySet().stream()
                            .allMatch(p -> tree.directories.containsKey(p) || !found.containsKey(p));
            if (there) {
                return Optional.of(merged(doubt, tree));
            }
        }
        problems.add("neither as before nor as after " + doubt.step());
        return Optional.empty();
    }

    /** Where both states have the file, its bytes tell which it is. */
    private Tree merged(Expectation.Doubt doubt, Tree tree) {
        Tree merged = tree.copy();
        merged.files.replaceAll((path, file) -> {
            WrittenFile before = doubt.before().files.get(path);
            WrittenFile after = doubt.after().files.get(path);
            return before == null || after == null ? file : either(path, before, after);
        });
        return merged;
    }

    private WrittenFile either(String path, WrittenFile before, WrittenFile after) {
        try {
            WrittenFile chosen = fits(path, after) ? after : before;
            return before.open() || after.open() ? chosen.leftOpen() : chosen;
        } catch (IOException e) {
            return before;
        }
    }

    private boolean fits(String path, WrittenFile file) throws IOException {
        Reading reading = read(files, path, file);
        return reading.wrong == null && reading.length >= file.least() && reading.length <= file.most();
    }

    private static boolean isFile(@Nullable FileStatus status) {
        return status != null && status.isFile();
    }

    private void compareNames(Tree settled, Map<String, FileStatus> found) {
        for (String path : settled.files.keySet()) {
            if (!isFile(found.get(path))) {
                problems.add("missing file " + path);
            }
        }
        for (String path : settled.directories.keySet()) {
            FileStatus status = found.get(path);
            if (status == null || !status.isDirectory()) {
                problems.add("missing directory " + path);
            }
        }
        for (String path : found.keySet()) {
            if (!settled.files.containsKey(path) && !settled.directories.containsKey(path)) {
                problems.add("nobody left " + path);
            }
        }
    }

    private WrittenFile settle(String path, WrittenFile file) throws IOException {
        try {
            Path name = new Path(path);
            LeaseRecoverable leases = (LeaseRecoverable) files;
            if (leases.isFileClosed(name)) {
                Reading reading = read(files, path, file);
                check(path, "closed", file, reading);
                return file.settled(reading.length);
            }
            if (!file.open()) {
                problems.add(path + " is open, but nobody had it open");
            }
            Reading before = onlySynced ? new Reading(0, null) : read(files, path, file);
            if (!onlySynced) {
                check(path, "open", file, before);
            }
            recover(name, leases);
            recovered++;
            Reading after = read(files, path, file);
            check(path, "recovered", file, after);
            Reading other = read(others, path, file);
            long status = others.getFileStatus(name).getLen();
            if (after.length < before.length || other.length != after.length || status != after.length) {
                problems.add(path + ": lengths differ: seen " + before.length + ", then recovered to " + after.length
                        + ", another client reads " + other.length + ", its status says " + status);
            }
            return appended(name, file.settled(after.length));
        } catch (IOException e) {
            problems.add(path + ": " + e);
            return file;
        }
    }

    private static void recover(Path path, LeaseRecoverable leases) throws IOException {
        if (!leases.recoverLease(path)) {
            Await.until(path + " is recovered", () -> leases.isFileClosed(path));
        }
    }

    private WrittenFile appended(Path path, WrittenFile file) throws IOException {
        WrittenFile longer = file.opened(file.session() + 1).written(APPENDED).closed();
        byte[] bytes = new byte[APPENDED];
        longer.fill(file.most(), bytes, APPENDED);
        try (OutputStream out = files.append(path)) {
            out.write(bytes);
        }
        String name = path.toUri().getPath();
        check(name, "appended", longer, read(others, name, longer));
        return longer;
    }

    private void check(String path, String state, WrittenFile file, Reading reading) {
        if (reading.wrong != null) {
            problems.add(path + " (" + state + "): " + reading.wrong);
        } else if (reading.length < file.least() || reading.length > file.most()) {
            problems.add(path + " (" + state + "): " + reading.length + " bytes, at least " + file.least()
                    + " and at most " + file.most() + " were written");
        }
    }

    /** What was read of a file. */
    private record Reading(long length, @Nullable String wrong) {}

    private static Reading read(FileSystem files, String path, WrittenFile file) throws IOException {
        byte[] got = new byte[1 << 16];
        byte[] wanted = new byte[1 << 16];
        long length = 0;
        try (InputStream in = files.open(new Path(path))) {
            while (true) {
                int count = in.read(got);
                if (count < 0) {
                    return new Reading(length, null);
                }
                file.fill(length, wanted, count);
                int different = Arrays.mismatch(got, 0, count, wanted, 0, count);
                if (different >= 0) {
                    return new Reading(length, "other bytes at " + (length + different));
                }
                length += count;
            }
        }
    }

    private Map<String, FileStatus> list(String root) throws IOException {
        Map<String, FileStatus> found = new TreeMap<>();
        try {
            found.put(root, files.getFileStatus(new Path(root)));
            list(new Path(root), found);
        } catch (FileNotFoundException e) {
            problems.add("missing " + root);
        }
        return found;
    }

    private void list(Path directory, Map<String, FileStatus> found) throws IOException {
        for (FileStatus status : files.listStatus(directory)) {
            found.put(status.getPath().toUri().getPath(), status);
            if (status.isDirectory()) {
                list(status.getPath(), found);
            }
        }
    }
}
