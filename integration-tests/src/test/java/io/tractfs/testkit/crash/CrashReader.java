package io.tractfs.testkit.crash;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads files while workers write them: a new reader sees all that was flushed before, and what it saw stays. Confined to
 * its thread.
 */
final class CrashReader implements Runnable {
    private final FileSystem files;
    private final List<CrashWorker> workers;
    private final Journal journal;
    private final SplittableRandom random;
    private final byte[] got = new byte[1 << 16];
    private final byte[] wanted = new byte[1 << 16];
    private volatile boolean stopped;

    CrashReader(FileSystem files, List<CrashWorker> workers, Journal journal, long seed) {
        this.files = files;
        this.workers = workers;
        this.journal = journal;
        this.random = new SplittableRandom(seed);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            CrashWorker worker = workers.get(random.nextInt(workers.size()));
            CrashWorker.Watched before = worker.watched();
            if (before == null) {
                Thread.onSpinWait();
                continue;
            }
            try {
                read(worker, before);
            } catch (FileNotFoundException e) {
                // Renamed in the meantime.
            } catch (IOException | RuntimeException e) {
                if (before.isSameAs(worker.watched())) {
                    journal.failed(e);
                }
            }
        }
    }

    private void read(CrashWorker worker, CrashWorker.Watched before) throws IOException {
        @Nullable String wrong = null;
        long length = 0;
        try (InputStream in = files.open(new Path(before.path()))) {
            while (wrong == null) {
                int count = in.read(got);
                if (count < 0) {
                    break;
                }
                before.file().fill(length, wanted, count);
                int different = Arrays.mismatch(got, 0, count, wanted, 0, count);
                if (different >= 0) {
                    wrong = "other bytes at " + (length + different);
                }
                length += count;
            }
        }
        if (wrong == null && length < before.file().least()) {
            wrong = "only " + length + " of " + before.file().least() + " flushed bytes";
        }
        if (!before.isSameAs(worker.watched())) {
            return;
        }
        if (wrong == null) {
            journal.seen(before.file().session(), length);
        } else {
            journal.broken("a reader of " + before.path() + " saw " + wrong);
        }
    }
}
