package io.tractfs.client.retry;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.transport.RpcCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Caller;
import io.tractfs.wire.proto.OpenSessionRequest;
import io.tractfs.wire.proto.OpenSessionResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Calls to the metadata server: finds the leader, repeats by {@link RetryPolicy} for the configured time, and keeps
 * (client id, call id) over the attempts of one call, so that it takes effect once (P34). Thread-safe.
 */
public final class MetadataCalls {
    /** Longest pause, ms, while no server is there or one is about to serve: asking costs it next to nothing. */
    private static final long STARTING_PAUSE_MS = 100;

    private final RpcCalls calls;
    private final MetadataAddresses addresses;
    private final RetryConfig config;
    private final Timer timer;
    private final Clock clock;
    private final RandomGenerator random;
    private final CallNumbers numbers;

    /** Calls over a transport. */
    public MetadataCalls(
            RpcCalls calls,
            MetadataAddresses addresses,
            RetryConfig config,
            Timer timer,
            Clock clock,
            RandomGenerator random) {
        this.calls = calls;
        this.addresses = addresses;
        this.config = config;
        this.timer = timer;
        this.clock = clock;
        this.random = random;
        this.numbers = new CallNumbers(clock);
    }

    /** A call that changes nothing. */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> read(Method<Q, R> method, Q message) {
        return start(method, message, Caller.NO_CLIENT, 0, config.totalMs());
    }

    /** A call that changes nothing, tried for another time than the configured one. */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> read(
            Method<Q, R> method, Q message, long totalMs) {
        return start(method, message, Caller.NO_CLIENT, 0, totalMs);
    }

    /** A call that changes something: carried out once though it is repeated. */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> mutate(
            Method<Q, R> method, Q message, ClientId client) {
        return mutate(method, message, client, config.totalMs());
    }

    /** The same, tried for another time than the configured one. */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> mutate(
            Method<Q, R> method, Q message, ClientId client, long totalMs) {
        if (numbers.isKnown()) {
            return start(method, message, client, numbers.next(), totalMs);
        }
        return openSession(client).thenCompose(opened -> start(method, message, client, numbers.next(), totalMs));
    }

    /** Sets a session up: learns how long its leases last, and the server's time, by which calls are numbered. */
    public CompletableFuture<OpenSessionResponse> openSession(ClientId client) {
        return start(
                        Methods.OPEN_SESSION,
                        OpenSessionRequest.getDefaultInstance(),
                        client,
                        numbers.next(),
                        config.totalMs())
                .thenApply(opened -> {
                    numbers.learn(opened.getTimeMs());
                    return opened;
                });
    }

    private <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> start(
            Method<Q, R> method, Q message, ClientId client, long callId, long totalMs) {
        CallOptions options = new CallOptions(client, callId, 0, config.callTimeoutMs(), ByteString.EMPTY);
        Call<Q, R> call = new Call<>(method, message, options, clock.monotonicMs() + totalMs);
        call.attempt();
        return call.result;
    }

    /** One call with its attempts. Attempts follow each other, so its fields need no lock. */
    private final class Call<Q extends MessageLite, R extends MessageLite> {
        private final Method<Q, R> method;
        private final Q message;
        private final long deadlineMs;
        private final CompletableFuture<R> result = new CompletableFuture<>();
        private CallOptions options;
        private int failures;
        private boolean renumbered;

        Call(Method<Q, R> method, Q message, CallOptions options, long deadlineMs) {
            this.method = method;
            this.message = message;
            this.options = options;
            this.deadlineMs = deadlineMs;
        }

        /** Whatever goes wrong, the caller hears of it: nobody else waits for the result. */
        void attempt() {
            try {
                HostPort asked = addresses.leader();
                calls.call(asked, method, message, Body.NONE, options)
                        .whenComplete((reply, failure) -> ended(asked, reply, failure));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(Futures.asTractException(e));
            }
        }

        private void ended(HostPort asked, @Nullable Reply<R> reply, @Nullable Throwable failure) {
            try {
                if (reply != null) {
                    complete(reply);
                } else {
                    failed(asked, Futures.asTractException(Objects.requireNonNull(failure)));
                }
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(Futures.asTractException(e));
            }
        }

        private void complete(Reply<R> reply) {
            R answer = reply.message();
            reply.close();
            result.complete(answer);
        }

        private void failed(HostPort asked, TractException error) {
            if (error.code() == ErrorCode.CALL_TOO_OLD && failures == 0 && !renumbered) {
                renumber(error);
                return;
            }
            RetryPolicy.Decision decision = RetryPolicy.decide(error.code());
            if (decision == RetryPolicy.Decision.FAIL) {
                result.completeExceptionally(error);
                return;
            }
            failures++;
            long delayMs = 0;
            if (decision == RetryPolicy.Decision.NEXT_SERVER && !addresses.turnTo(error.leader())) {
                addresses.turnFrom(asked, RetryPolicy.isSilent(error.code()));
            }
            if (decision == RetryPolicy.Decision.SAME_AFTER_PAUSE || failures % addresses.count() == 0) {
                delayMs = pauseMs(Math.max(1, failures / addresses.count()), error.code());
            }
            if (clock.monotonicMs() + delayMs >= deadlineMs) {
                result.completeExceptionally(giveUp(asked, error));
                return;
            }
            options = options.nextAttempt();
            timer.after(delayMs, this::attempt);
        }

        /** The only attempt was refused as too old, so the server's time is not what was thought, and nothing was done. */
        private void renumber(TractException error) {
            renumbered = true;
            openSession(options.clientId()).whenComplete((opened, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(error);
                } else {
                    options = new CallOptions(
                            options.clientId(),
                            numbers.next(),
                            options.attempt(),
                            options.timeoutMs(),
                            options.capability());
                    attempt();
                }
            });
        }

        private TractException giveUp(HostPort asked, TractException error) {
            ErrorCode code = error.code();
            return new TractException(
                    code,
                    "Call " + method.name() + " failed after " + failures + " attempts, the last at " + asked + " (of "
                            + addresses + "): " + error.getMessage(),
                    error);
        }
    }

    private long pauseMs(int failuresInARow, ErrorCode code) {
        long mostMs = RetryPolicy.isStarting(code)
                ? Math.max(config.leastDelayMs(), Math.min(config.mostDelayMs(), STARTING_PAUSE_MS))
                : config.mostDelayMs();
        synchronized (random) {
            return new Backoff(config.leastDelayMs(), mostMs).delayMs(failuresInARow, random);
        }
    }
}
