package io.tractfs.sim.client;

import io.tractfs.client.lease.LeaseTerm;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.server.LeaseClock;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one life of a client is to the metadata server: its calls, each of which takes effect once, and its leases, judged
 * by its own clock (P23). Not thread-safe.
 */
final class ClientSession {
    private static final long RETRY_NANOS = 100_000_000;

    private final ClientParts parts;
    private final ClientId id;
    private final MetadataCaller metadata;
    private final long leaseMs;
    private final Map<FileId, Held> files = new TreeMap<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private long lastName;
    private boolean renewing;
    private boolean ticking;

    /** A file that is open for writing. Immutable, but for the term. */
    record Held(FileId file, Generation generation, LeaseTerm term, Supplier<LeaseClock.Acknowledged> acknowledged) {}

    ClientSession(ClientParts parts, ClientId id, MetadataCaller metadata, long leaseMs) {
        this.parts = parts;
        this.id = id;
        this.metadata = metadata;
        this.leaseMs = leaseMs;
    }

    /** Calls until somebody answers or refuses. */
    void command(FileCommand command, Consumer<Result> then, Consumer<ErrorCode> refused) {
        long number = parts.numbers().getAsLong();
        CallName name = new CallName(id, ++lastName);
        parts.checks().namespace().sends(number, name);
        metadata.<Result>until(
                command.toString(),
                (server, answer) -> server.command(nameOf(number, name), command, answer),
                result -> {
                    parts.checks().namespace().answered(number, result);
                    if (result instanceof Result.Refused no) {
                        refused.accept(no.code());
                    } else {
                        then.accept(result);
                    }
                },
                code -> {
                    parts.checks().namespace().refused(number, code);
                    refused.accept(code);
                });
    }

    /** With the rule off every attempt is a call of its own. */
    private CallName nameOf(long number, CallName name) {
        if (!parts.off().contains(Rule.CALLS_HAPPEN_ONCE)) {
            return name;
        }
        CallName another = new CallName(id, ++lastName);
        parts.checks().namespace().sends(number, another);
        return another;
    }

    /**
     * Takes a file that was opened for writing.
     *
     * @param sentMs when the call that opened it was sent, by the client's clock
     */
    Held opened(FileId file, Generation generation, long sentMs, Supplier<LeaseClock.Acknowledged> acknowledged) {
        Held held = new Held(file, generation, new LeaseTerm(sentMs + leaseMs), acknowledged);
        files.put(file, held);
        if (!ticking) {
            ticking = true;
            tickLater();
        }
        return held;
    }

    void closed(Held held) {
        files.remove(held.file(), held);
    }

    private void tickLater() {
        parts.process().after(leaseMs * 1_000_000 / 3, () -> {
            ticking = !files.isEmpty();
            if (ticking) {
                renew();
                tickLater();
            }
        });
    }

    /** Sends a renewal, unless one is on its way. */
    void renew() {
        if (renewing) {
            return;
        }
        renewing = true;
        long sentMs = parts.nowMs();
        List<Held> named = List.copyOf(files.values());
        List<LeaseClock.Acknowledged> lengths = parts.off().contains(Rule.ACKNOWLEDGED_LENGTHS_TRAVEL)
                ? List.of()
                : named.stream().map(held -> held.acknowledged().get()).toList();
        metadata.<Set<FileId>>once(
                "renew " + lengths, (server, answer) -> server.renew(id, lengths, answer), outcome -> {
                    renewing = false;
                    if (outcome instanceof Outcome.Answered<Set<FileId>> lost) {
                        named.forEach(
                                held -> held.term().answered(lost.value().contains(held.file()), sentMs + leaseMs));
                    }
                    List<Runnable> told = List.copyOf(waiting);
                    waiting.clear();
                    told.forEach(Runnable::run);
                });
    }

    /** Waits until the leader confirms that a file is still this writer's, or says that it is not. */
    void confirm(Held held, Consumer<Boolean> then) {
        if (held.term().isHeld(parts.nowMs()) || parts.off().contains(Rule.WRITERS_CHECK_THEIR_LEASE)) {
            then.accept(true);
        } else if (held.term().isLost()) {
            then.accept(false);
        } else {
            waiting.add(() -> parts.process().after(RETRY_NANOS, () -> confirm(held, then)));
            renew();
        }
    }
}
