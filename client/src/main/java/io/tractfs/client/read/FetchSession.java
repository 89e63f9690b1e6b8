package io.tractfs.client.read;

import com.google.protobuf.MessageLite;
import io.tractfs.client.read.MemberChoice.Candidate;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Incarnation;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.wire.proto.ReportDamageRequest;
import io.tractfs.wire.proto.ReportDamageResponse;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One question about a range: rounds over the members, each round with a table that is at least as new. Members are
 * asked one after the other; while one is slow the next is asked too, at most {@link #MOST_AT_ONCE} at once. Thread-safe.
 *
 * @param <R> message of the answers
 * @param <T> what is made of one
 */
final class FetchSession<R extends MessageLite, T> {
    private static final int MOST_AT_ONCE = 3;
    /** Rounds in which every member said that it has no such tract: the file was deleted. */
    private static final int MOST_ROUNDS_WITHOUT_TRACT = 4;
    /** How long members that are all damaged are given to repair each other. */
    private static final long REPAIR_MS = 10_000;

    private final TractFetcher fetcher;
    private final TractRange range;
    private final TractQuestion<R, T> question;
    private final ReadMeter meter;
    private final long deadlineMs;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Deque<Candidate> untried = new ArrayDeque<>();

    private TableSequence sequence = TableSequence.NONE;
    private @Nullable Row row;
    private int inFlight;
    private int rounds;
    private int roundsWithoutTract;
    private boolean onlyMissing;
    private boolean onlyDamaged;
    private long damagedSinceMs = -1;
    private boolean done;

    FetchSession(TractFetcher fetcher, TractRange range, TractQuestion<R, T> question, ReadMeter meter) {
        this.fetcher = fetcher;
        this.range = range;
        this.question = question;
        this.meter = meter;
        this.deadlineMs = fetcher.parts.clock().monotonicMs() + fetcher.config.retryMs();
    }

    CompletableFuture<T> result() {
        return result;
    }

    void start() {
        TableImage known = fetcher.parts.table().current().orElse(null);
        if (known != null) {
            begin(known);
        } else {
            CompletableFuture<Void> unused = fetcher.parts.table().image().handle((image, failure) -> {
                if (image != null) {
                    begin(image);
                } else {
                    finish(null, Futures.asTractException(cause(failure)));
                }
                return null;
            });
        }
    }

    private static Throwable cause(@Nullable Throwable failure) {
        return failure == null ? new IllegalStateException("no table came") : failure;
    }

    private void begin(TableImage image) {
        synchronized (this) {
            sequence = image.sequence();
            row = image.rowOf(range.tract());
            untried.clear();
            untried.addAll(fetcher.choice.order(image, range.tract(), range.replication()));
            onlyMissing = !untried.isEmpty();
            onlyDamaged = !untried.isEmpty();
            rounds++;
        }
        next(null);
    }

    /** Asks the next member; when none is left and none is in flight, pauses and begins another round. */
    private void next(@Nullable TractException last) {
        Candidate candidate;
        Row asked;
        synchronized (this) {
            if (done) {
                return;
            }
            candidate = untried.poll();
            asked = row;
            if (candidate != null) {
                inFlight++;
            } else if (inFlight > 0) {
                return;
            }
        }
        if (candidate == null || asked == null) {
            nextRound(last);
        } else {
            send(candidate, asked);
        }
    }

    private void nextRound(@Nullable TractException last) {
        boolean missing;
        int failures;
        synchronized (this) {
            roundsWithoutTract = onlyMissing ? roundsWithoutTract + 1 : 0;
            missing = roundsWithoutTract >= MOST_ROUNDS_WITHOUT_TRACT;
            failures = rounds;
        }
        long delayMs = fetcher.jitterMs(failures);
        if (missing || isBeyondRepair() || fetcher.parts.clock().monotonicMs() + delayMs >= deadlineMs) {
            finish(null, unreadable(last));
            return;
        }
        // The next round does not wait for the table: members may answer while no leader does (P14).
        CompletableFuture<TableImage> unusedImage = fetcher.parts.table().refresh(sequence());
        Timer.Cancellation unused = fetcher.parts.timer().after(delayMs, this::beginAgain);
    }

    /** Whether every member has said for long that it is damaged: what one of them has sound is copied sooner than that. */
    private synchronized boolean isBeyondRepair() {
        long now = fetcher.parts.clock().monotonicMs();
        if (!onlyDamaged) {
            damagedSinceMs = -1;
        } else if (damagedSinceMs < 0) {
            damagedSinceMs = now;
        }
        return onlyDamaged && now - damagedSinceMs >= REPAIR_MS;
    }

    private synchronized TableSequence sequence() {
        return sequence;
    }

    private void beginAgain() {
        TableImage image = fetcher.parts.table().current().orElse(null);
        if (image != null) {
            begin(image);
        } else {
            finish(null, unreadable(null));
        }
    }

    private TractException unreadable(@Nullable TractException last) {
        ErrorCode code = last == null ? ErrorCode.ROW_UNAVAILABLE : last.code();
        Row asked;
        synchronized (this) {
            asked = row;
        }
        Optional<TableImage> table = fetcher.parts.table().current();
        String where = asked == null || table.isEmpty()
                ? "no table came"
                : RowWords.of(table.get(), asked, range.replication());
        return new TractException(
                code,
                "Tract " + range.tract() + " cannot be read at " + range.offset() + "+" + range.length() + ": " + where
                        + (last == null ? "" : ", last error: " + last.getMessage()),
                last);
    }

    private void send(Candidate candidate, Row asked) {
        meter.requests.increment();
        if (rounds > 1) {
            meter.retries.increment();
        }
        TractAddress address = StoreCalls.address(
                new StoreRef(candidate.store().ref().store(), Incarnation.NONE),
                range.tract(),
                asked.index(),
                asked.version());
        scheduleHedge(candidate);
        CompletableFuture<Void> unused = question.ask(candidate.store(), address)
                .handle((reply, failure) -> answered(candidate, asked, address, reply, failure))
                .exceptionally(this::broken);
    }

    private void scheduleHedge(Candidate asked) {
        boolean others;
        synchronized (this) {
            others = !done && !untried.isEmpty();
        }
        if (others) {
            fetcher.hedges.add(new Race(asked));
        }
    }

    /** Asks the next member when one has been slow. */
    private final class Race implements HedgeQueue.Hedge {
        private final Candidate slow;

        private Race(Candidate slow) {
            this.slow = slow;
        }

        @Override
        public boolean isOver() {
            synchronized (FetchSession.this) {
                return done;
            }
        }

        @Override
        public void fire() {
            synchronized (FetchSession.this) {
                if (done || inFlight == 0 || inFlight >= MOST_AT_ONCE) {
                    return;
                }
            }
            fetcher.parts.health().suspect(slow.store().ref().store());
            meter.retries.increment();
            next(null);
        }
    }

    private @Nullable Void answered(
            Candidate candidate,
            Row asked,
            TractAddress address,
            @Nullable Reply<R> reply,
            @Nullable Throwable failure) {
        synchronized (this) {
            inFlight--;
        }
        if (reply == null) {
            failed(candidate, asked, Futures.asTractException(cause(failure)));
            return null;
        }
        try {
            T answer = question.checked(reply);
            fetcher.parts.health().well(candidate.store().ref().store());
            meter.bytesFetched.add(range.length());
            if (candidate.local()) {
                meter.localBytes.add(range.length());
            }
            finish(answer, null);
        } catch (TractException e) {
            if (e.code() == ErrorCode.DAMAGED) {
                reportDamage(candidate, address);
            }
            failed(candidate, asked, e);
        } finally {
            reply.close();
        }
        return null;
    }

    /** A broken assumption, or no memory: fails the read loudly instead of leaving its caller waiting. */
    private @Nullable Void broken(Throwable error) {
        finish(null, Futures.asTractException(error));
        return null;
    }

    private void failed(Candidate candidate, Row asked, TractException error) {
        synchronized (this) {
            onlyMissing &= error.code() == ErrorCode.TRACT_NOT_FOUND;
            onlyDamaged &= error.code() == ErrorCode.DAMAGED || error.code() == ErrorCode.CHECKSUM_MISMATCH;
        }
        switch (error.code()) {
            case CONNECT_FAILED, CONNECTION_LOST, DEADLINE_EXCEEDED, STORE_FAILED, STORE_FENCED -> {
                fetcher.parts.health().suspect(candidate.store().ref().store());
                fetcher.parts.complaints().complain(candidate.store(), asked.index(), asked.version(), error.code());
            }
            default -> {}
        }
        meter.retries.increment();
        next(new TractException(
                error.code(),
                "store " + candidate.store().ref() + " of " + candidate.store().server() + ": " + error.getMessage(),
                error.version(),
                error));
    }

    private void reportDamage(Candidate candidate, TractAddress address) {
        ReportDamageRequest report = ReportDamageRequest.newBuilder()
                .setAddress(address)
                .setOffset(range.offset())
                .build();
        CompletableFuture<Void> unused = fetcher.parts
                .stores()
                .call(candidate.store(), Methods.REPORT_DAMAGE, report)
                .handle(FetchSession::drop);
    }

    /** A report of damage is a hint: whether it arrived makes no difference to the reader. */
    private static @Nullable Void drop(@Nullable Reply<ReportDamageResponse> reply, @Nullable Throwable failure) {
        if (reply != null) {
            reply.close();
        }
        return null;
    }

    private void finish(@Nullable T answer, @Nullable TractException error) {
        synchronized (this) {
            if (done) {
                if (answer != null) {
                    question.drop(answer);
                }
                return;
            }
            done = true;
        }
        if (answer != null) {
            if (!result.complete(answer)) {
                question.drop(answer);
            }
        } else {
            result.completeExceptionally(error == null ? unreadable(null) : error);
        }
    }
}
