package io.tractfs.metadata.server;

import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterRecords;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.raft.CommandLog;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is left of large deleted trees, a bounded part per command, one command at a time, so that a delete of a
 * million files holds nobody up. Thread-safe.
 */
public final class TreeSweeper {
    /** Most inodes per command. */
    static final int PART = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(TreeSweeper.class);

    private final ClusterRecords records;
    private final CommandLog log;
    private final AtomicBoolean running = new AtomicBoolean();

    /** Sweeps one server's trees. */
    public TreeSweeper(ClusterRecords records, CommandLog log) {
        this.records = records;
        this.log = log;
    }

    /** Begins to sweep if there is anything; called after deletes and when a leadership begins. */
    public void kick() {
        if (records.hasDetached() && running.compareAndSet(false, true)) {
            sweep();
        }
    }

    private void sweep() {
        log.submit(Call.ofSystem(new ClusterCommand.SweepDetached(PART))).whenComplete((result, error) -> {
            if (result instanceof Result.Answer answer && answer.value()) {
                sweep();
                return;
            }
            if (error != null) {
                LOG.warn("event=sweep-stopped reason=\"{}\"", error.toString());
            }
            running.set(false);
        });
    }
}
