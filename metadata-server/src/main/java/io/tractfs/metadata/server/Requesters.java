package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out as whom a caller acts: the user's groups, whether he is a superuser (the user who started the server, or a
 * member of the supergroup), and whether his real user may act for him. Answers are kept for a while, a bounded number
 * of them, so nearly every call is answered at once; lookups run on an executor. Thread-safe.
 */
public final class Requesters {
    /** Most answers that are kept. */
    static final int MAX_KEPT = 10_000;

    private final GroupLookup groups;
    private final ProxyPolicy proxies;
    private final Superusers superusers;
    private final Executor executor;
    private final Clock clock;
    private final long keepNanos;
    private final Map<Key, Kept> kept = new LinkedHashMap<>();

    /**
     * Who needs no permission. Immutable.
     *
     * @param starter user who started the server
     * @param supergroup group whose members are superusers too
     */
    public record Superusers(String starter, String supergroup) {}

    /** Who calls from where; the address counts for proxy users only. */
    private record Key(
            String effectiveUser, String realUser, @Nullable InetAddress remote) {}

    /** An answer and when it ends. */
    private record Kept(Requester requester, long untilNanos) {}

    /** Looks up on an executor and keeps answers for a time. */
    public Requesters(
            GroupLookup groups,
            ProxyPolicy proxies,
            Superusers superusers,
            Executor executor,
            Clock clock,
            long keepNanos) {
        this.groups = groups;
        this.proxies = proxies;
        this.superusers = superusers;
        this.executor = executor;
        this.clock = clock;
        this.keepNanos = keepNanos;
    }

    /** As whom a caller acts; fails with AUTHENTICATION_FAILED, or with BUSY when too many lookups wait. */
    public CompletableFuture<Requester> resolve(Caller caller) {
        boolean proxied = !caller.effectiveUser().equals(caller.realUser());
        Key key = new Key(
                caller.effectiveUser(),
                caller.realUser(),
                proxied ? caller.remoteAddress().getAddress() : null);
        Requester known = find(key);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Requester> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> lookUp(key, caller, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new TractException(ErrorCode.BUSY, "Too many users are being looked up", e));
        }
        return answer;
    }

    private void lookUp(Key key, Caller caller, CompletableFuture<Requester> answer) {
        try {
            if (key.remote() != null) {
                proxies.authorize(caller.realUser(), caller.effectiveUser(), key.remote());
            }
            Set<String> in = groups.groupsOf(caller.effectiveUser());
            Requester requester = new Requester(caller.effectiveUser(), in, isSuperuser(caller.effectiveUser(), in));
            keep(key, requester);
            answer.complete(requester);
        } catch (TractException e) {
            answer.completeExceptionally(e);
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(new TractException(
                    ErrorCode.AUTHENTICATION_FAILED,
                    "The groups of " + caller.effectiveUser() + " were not found: " + e,
                    e));
        }
    }

    private boolean isSuperuser(String user, Set<String> in) {
        return user.equals(superusers.starter()) || in.contains(superusers.supergroup());
    }

    private @Nullable Requester find(Key key) {
        synchronized (kept) {
            Kept answer = kept.get(key);
            if (answer == null || clock.nanoTime() - answer.untilNanos() >= 0) {
                return null;
            }
            return answer.requester();
        }
    }

    private void keep(Key key, Requester requester) {
        synchronized (kept) {
            kept.remove(key);
            if (kept.size() >= MAX_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(key, new Kept(requester, clock.nanoTime() + keepNanos));
        }
    }
}
