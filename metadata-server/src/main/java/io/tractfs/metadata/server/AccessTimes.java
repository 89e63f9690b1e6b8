package io.tractfs.metadata.server;

import io.tractfs.id.FileId;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.raft.CommandLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the access times of files that are read, as HDFS does: where the one that is known is older than a precision. No
 * read waits for it: while one command is under way, what is read meanwhile is gathered for the next, a bounded number of
 * files; past it a read leaves no trace. Thread-safe.
 */
final class AccessTimes {
    /** Most files that wait for the next command, and of one command. */
    static final int MAX_WAITING = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AccessTimes.class);

    private final CommandLog log;
    private final long precisionMs;
    private final Map<FileId, Long> waiting = new LinkedHashMap<>();
    private boolean running;

    /** Sets by a log; a precision of 0 sets nothing. */
    AccessTimes(CommandLog log, long precisionMs) {
        this.log = log;
        this.precisionMs = precisionMs;
    }

    /** A file was opened for reading at a time, ms since 1970. */
    void read(FileStatus file, long nowMs) {
        if (precisionMs <= 0 || nowMs <= file.attributes().accessMs() + precisionMs) {
            return;
        }
        synchronized (waiting) {
            if (waiting.size() < MAX_WAITING) {
                waiting.put(file.file(), nowMs);
            }
            if (running) {
                return;
            }
            running = true;
        }
        submit();
    }

    private void submit() {
        List<ClusterCommand.Touch> files;
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                running = false;
                return;
            }
            files = waiting.entrySet().stream()
                    .map(entry -> new ClusterCommand.Touch(entry.getKey(), entry.getValue()))
                    .toList();
            waiting.clear();
        }
        log.submit(Call.ofSystem(new ClusterCommand.TouchFiles(files, precisionMs)))
                .whenComplete((result, error) -> {
                    if (error != null) {
                        LOG.warn("event=access-times-not-set files={} reason=\"{}\"", files.size(), error.toString());
                    }
                    submit();
                });
    }
}
