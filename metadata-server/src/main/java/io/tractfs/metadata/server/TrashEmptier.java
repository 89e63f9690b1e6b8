package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.audit.AuditEvent;
import io.tractfs.metadata.audit.AuditLog;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Listing;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.RenameRule;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.metadata.raft.CommandLog;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties users' trash as Hadoop's {@code TrashPolicyDefault} does: at each full checkpoint interval of wall time it
 * deletes the checkpoints of every {@code /user/NAME/.Trash} that are older than the trash interval, and makes what was
 * thrown away since then a checkpoint, by ordinary commands of the superuser. What is no checkpoint is left alone.
 * Confined to the thread that calls {@link #tick}, which waits for the commands.
 */
final class TrashEmptier {
    private static final Logger LOG = LoggerFactory.getLogger(TrashEmptier.class);
    private static final String HOMES = "/user";
    private static final String TRASH = ".Trash";
    private static final String CURRENT = "Current";
    private static final int MAX_ATTEMPTS = 1000;
    private static final int PAGE = 1000;
    private static final long COMMAND_SECONDS = 60;

    private final NamespaceReader reader;
    private final CommandLog log;
    private final TrashCheckpoints checkpoints;
    private final Requester superuser;
    private final Terms terms;
    private final Runnable onDeleted;
    private final AuditLog audit;
    private long nextMs = -1;

    /**
     * How long trash is kept. Immutable.
     *
     * @param keepMs age from which checkpoints are deleted; 0 keeps them for ever
     * @param intervalMs time between two rounds; 0, or one above the age, stands for the age
     */
    record Terms(long keepMs, long intervalMs) {
        /** Time between two rounds. */
        long everyMs() {
            return intervalMs <= 0 || intervalMs > keepMs ? keepMs : intervalMs;
        }
    }

    /**
     * Empties by a log.
     *
     * @param superuser name of the superuser, for the audit log
     * @param onDeleted called after a tree was deleted
     */
    TrashEmptier(
            NamespaceReader reader,
            CommandLog log,
            TrashCheckpoints checkpoints,
            String superuser,
            Terms terms,
            Runnable onDeleted,
            AuditLog audit) {
        this.reader = reader;
        this.log = log;
        this.checkpoints = checkpoints;
        this.superuser = new Requester(superuser, Set.of(), true);
        this.terms = terms;
        this.onDeleted = onDeleted;
        this.audit = audit;
    }

    /** Begins a round if it is time to; the first is at the next full interval. */
    void tick(long nowMs) throws InterruptedException {
        if (terms.keepMs() <= 0) {
            return;
        }
        if (nextMs >= 0 && nowMs >= nextMs) {
            empty(nowMs);
        }
        if (nowMs >= nextMs) {
            nextMs = nowMs / terms.everyMs() * terms.everyMs() + terms.everyMs();
        }
    }

    /** One round over the trash of all users; what fails is logged and left to the next round. */
    void empty(long nowMs) throws InterruptedException {
        try {
            forEach(HOMES, home -> {
                if (home.directory()) {
                    emptyOne(HOMES + "/" + home.name() + "/" + TRASH, nowMs);
                }
            });
        } catch (TractException e) {
            LOG.warn("event=trash-not-emptied path={} reason=\"{}\"", HOMES, e.toString());
        }
    }

    private void emptyOne(String trash, long nowMs) throws InterruptedException {
        try {
            if (!reader.status(superuser, trash).directory()) {
                return;
            }
            boolean[] current = {false};
            forEach(trash, entry -> {
                if (entry.name().equals(CURRENT)) {
                    current[0] = true;
                } else {
                    deleteIfOld(trash + "/" + entry.name(), checkpoints.timeMs(entry.name()), nowMs);
                }
            });
            if (current[0]) {
                makeCheckpoint(trash, trash + "/" + checkpoints.name(nowMs));
            }
        } catch (TractException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                LOG.warn("event=trash-not-emptied path={} reason=\"{}\"", trash, e.toString());
            }
        }
    }

    private void deleteIfOld(String path, OptionalLong madeMs, long nowMs) throws TractException, InterruptedException {
        if (madeMs.isEmpty()) {
            LOG.warn("event=trash-item-ignored path={} reason=\"not a checkpoint\"", path);
        } else if (nowMs - terms.keepMs() > madeMs.getAsLong()) {
            run(new FileCommand.Delete(path, true), "delete", path, null);
            onDeleted.run();
            LOG.info("event=trash-checkpoint-deleted path={}", path);
        }
    }

    private void makeCheckpoint(String trash, String base) throws TractException, InterruptedException {
        String current = trash + "/" + CURRENT;
        for (int attempt = 0; attempt <= MAX_ATTEMPTS; attempt++) {
            String path = attempt == 0 ? base : base + "-" + attempt;
            try {
                run(new FileCommand.Rename(current, path, RenameRule.STRICT), "rename (options=[NONE])", current, path);
                LOG.info("event=trash-checkpoint-made path={}", path);
                return;
            } catch (TractException e) {
                if (e.code() != ErrorCode.ALREADY_EXISTS) {
                    throw e;
                }
            }
        }
        LOG.warn("event=trash-not-checkpointed path={} attempts={}", base, MAX_ATTEMPTS);
    }

    private void run(FileCommand command, String name, String source, @Nullable String destination)
            throws TractException, InterruptedException {
        Result result;
        try {
            result = log.submit(new Call(superuser, CallName.NONE, command)).get(COMMAND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new TractException(ErrorCode.INTERNAL, "A command on " + source + " failed: " + e, e);
        }
        if (result instanceof Result.Refused refused) {
            throw new TractException(refused.code(), refused.message());
        }
        audit.log(new AuditEvent(true, superuser.user(), superuser.user(), null, name, source, destination, null));
    }

    /** Takes an entry of a directory. */
    @FunctionalInterface
    private interface EntryVisitor {
        void visit(FileStatus entry) throws TractException, InterruptedException;
    }

    private void forEach(String directory, EntryVisitor visitor) throws TractException, InterruptedException {
        String after = "";
        boolean more = true;
        while (more) {
            Listing page = reader.list(superuser, directory, after, PAGE, false);
            for (FileStatus entry : page.entries()) {
                visitor.visit(entry);
                after = entry.name();
            }
            more = page.more();
        }
    }
}
