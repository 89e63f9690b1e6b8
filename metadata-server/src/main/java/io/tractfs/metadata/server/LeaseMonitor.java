package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files from sessions whose leases are over and has their writers recovered (P19). Expiry is a command, so it
 * counts only if the session still holds the file when it is applied. {@link #tick()} is called about once a second by
 * one thread; the rest is thread-safe.
 */
public final class LeaseMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseMonitor.class);
    private static final int TICKS_PER_LOOK = 5;

    private final LeaseClock leases;
    private final NamespaceReader reader;
    private final CommandLog log;
    private final WriterRecovery recovery;
    private final Clock clock;
    private final AtomicInteger leaderships = new AtomicInteger();
    /** Files that nobody recovered at the last look. Confined to the thread that ticks, as is what follows. */
    private Set<FileId> unattended = Set.of();

    private int watched;
    private int ticks;

    /** Watches over the leases of one server. */
    public LeaseMonitor(
            LeaseClock leases, NamespaceReader reader, CommandLog log, WriterRecovery recovery, Clock clock) {
        this.leases = leases;
        this.reader = reader;
        this.log = log;
        this.recovery = recovery;
        this.clock = clock;
    }

    /**
     * A leadership begins, and its epoch entry is applied: leases count anew, and recoveries that the last leader left
     * are begun again under a new generation. Reads the state, so it must not run on an event loop.
     */
    public void onLeader() {
        leaderships.incrementAndGet();
        Map<FileId, ClientId> open = reader.openFiles();
        leases.restart(
                open.values().stream()
                        .filter(holder -> !holder.equals(CallName.NO_CLIENT))
                        .toList(),
                clock.nanoTime());
        open.forEach((file, holder) -> {
            if (holder.equals(CallName.NO_CLIENT)) {
                recover(file, holder);
            }
        });
    }

    /** Takes the files of sessions whose hard limit is over, and recovers what nobody recovers. */
    public void tick() {
        if (!log.isLeader()) {
            return;
        }
        int present = leaderships.get();
        if (watched != present) {
            // What another leadership saw says nothing: this one has begun recoveries of its own.
            watched = present;
            unattended = Set.of();
        }
        takeExpired();
        if (++ticks % TICKS_PER_LOOK == 0) {
            resume();
        }
    }

    /**
     * A file is fenced, but its recovery never began: the outcome of the command that fenced it was unknown, or it was asked
     * for by a client that is gone. What is so at two looks is begun anew.
     */
    private void resume() {
        Set<FileId> now = new LinkedHashSet<>();
        reader.openFiles().forEach((file, holder) -> {
            if (holder.equals(CallName.NO_CLIENT) && !recovery.isUnderWay(file)) {
                now.add(file);
            }
        });
        for (FileId file : now) {
            if (unattended.contains(file)) {
                LOG.info("event=writer-recovery-resumed file={}", file);
                CompletableFuture<Result> unused = recover(file, CallName.NO_CLIENT);
            }
        }
        unattended = now;
    }

    private void takeExpired() {
        List<ClientId> expired = leases.hardExpired(clock.nanoTime());
        if (expired.isEmpty()) {
            return;
        }
        Map<FileId, ClientId> open = reader.openFiles();
        open.forEach((file, holder) -> {
            if (expired.contains(holder)) {
                LOG.info("event=lease-expired file={} holder={}", file, holder);
                recover(file, holder);
            }
        });
        // What could not be taken now is taken at a later tick: a session is forgotten once it holds nothing.
        expired.stream().filter(session -> !open.containsValue(session)).forEach(leases::forget);
    }

    /**
     * Takes a file from a session, if it still holds it, and starts the recovery of its writer.
     *
     * @param holder the session; {@link CallName#NO_CLIENT} to begin a recovery under way once more
     */
    public CompletableFuture<Result> recover(FileId file, ClientId holder) {
        return log.submit(Call.ofSystem(new ClusterCommand.BeginRecovery(file, holder)))
                .whenComplete((result, error) -> {
                    if (error != null) {
                        LOG.warn("event=lease-recovery-not-begun file={} reason=\"{}\"", file, error.toString());
                    } else if (result instanceof Result.Recovering recovering) {
                        start(recovering);
                    }
                });
    }

    /**
     * A session renewed its leases and said how far its files are acknowledged.
     *
     * @return those of the files that are not the session's any more
     */
    public Set<FileId> renew(ClientId session, Collection<LeaseClock.Acknowledged> files) {
        List<LeaseClock.Acknowledged> held = new ArrayList<>(files.size());
        Set<FileId> lost = new LinkedHashSet<>();
        for (LeaseClock.Acknowledged file : files) {
            if (reader.holds(session, file.file(), file.generation())) {
                held.add(file);
            } else {
                lost.add(file.file());
            }
        }
        leases.renew(session, held, clock.nanoTime());
        return lost;
    }

    /**
     * What a caller is told who was refused a file that another session holds. The file is taken from that session if its
     * soft limit is over.
     */
    public TractException conflict(Result.Held held) {
        if (!held.holder().equals(CallName.NO_CLIENT)) {
            if (!leases.isSoftExpired(held.holder(), clock.nanoTime())) {
                return new TractException(ErrorCode.LEASE_CONFLICT, held.message());
            }
            recover(held.file(), held.holder());
        }
        return new TractException(
                ErrorCode.RECOVERY_IN_PROGRESS, held.message() + " Recovery of the writer is in progress.");
    }

    /** Starts the recovery of a writer that was fenced. */
    public void start(Result.Recovering recovering) {
        recovery.start(recovering.status(), leases.acknowledged(recovering.status()));
    }
}
