package io.tractfs.client.read;

import io.tractfs.client.Segment;
import io.tractfs.client.retry.Backoff;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.TailRequest;
import io.tractfs.wire.proto.TailResponse;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds how long the last segment of an open file is, by asking the members of its tail (P22); {@link TailLength} says which
 * tracts are asked about. Thread-safe; calls wait.
 */
public final class TailReader {
    private final StoreCalls stores;
    private final TableCache table;
    private final Timer timer;
    private final Clock clock;
    private final Backoff pause;
    private final long timeoutMs;

    /** A reader over the client's parts. */
    public TailReader(StoreCalls stores, TableCache table, Timer timer, Clock clock, Backoff pause, long timeoutMs) {
        this.stores = stores;
        this.table = table;
        this.timer = timer;
        this.clock = clock;
        this.pause = pause;
        this.timeoutMs = timeoutMs;
    }

    /** How long members are asked where the caller has no limit of its own. */
    public long timeoutMs() {
        return timeoutMs;
    }

    /**
     * The visible length of a segment.
     *
     * @param last the segment, with the length that the namespace knows
     * @param window tracts that its writer may have in flight
     * @param limitMs how long the members may take
     * @throws TractException if some member of the tail could not be asked in time
     */
    public long lengthOf(Segment last, int window, long limitMs) throws TractException {
        long deadlineMs = clock.monotonicMs() + limitMs;
        return new TailLength(last, window, tract -> askAll(last, tract, deadlineMs)).find();
    }

    /** Asks every member until all have answered under one version. */
    private List<TailAnswer> askAll(Segment segment, int index, long deadlineMs) throws TractException {
        TractId tract = new TractId(segment.blob(), index);
        TableImage image = table.await();
        for (int failures = 1; ; failures++) {
            try {
                return askOnce(image, tract, segment.replication());
            } catch (TractException e) {
                long delayMs = Math.min(pause.mostMs(), pause.leastMs() << Math.min(failures, 16));
                if (clock.monotonicMs() + delayMs >= deadlineMs) {
                    throw new TractException(
                            e.code(), "The tail of an open file could not be asked: " + e.getMessage(), e);
                }
                pause(delayMs);
                image = Futures.await(table.refresh(image.sequence()));
            }
        }
    }

    private void pause(long delayMs) throws TractException {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Timer.Cancellation unused = timer.after(delayMs, () -> over.complete(true));
        boolean unusedValue = Futures.await(over);
    }

    private List<TailAnswer> askOnce(TableImage image, TractId tract, int replication) throws TractException {
        Row row = image.rowOf(tract);
        List<CompletableFuture<TailAnswer>> asked = new ArrayList<>();
        boolean anyHolder = false;
        int replicationClass = row.classOf(replication);
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && row.keeps(column, replicationClass)) {
                anyHolder |= member.holds(replicationClass);
                asked.add(ask(image, row, member, tract, replication));
            }
        }
        List<TailAnswer> answers = new ArrayList<>(asked.size());
        TractException failure = anyHolder
                ? null
                : new TractException(
                        ErrorCode.ROW_UNAVAILABLE,
                        "Tract " + tract + " has no holder: " + RowWords.of(image, row, replication));
        for (CompletableFuture<TailAnswer> answer : asked) {
            try {
                answers.add(Futures.await(answer));
            } catch (TractException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return answers;
    }

    private CompletableFuture<TailAnswer> ask(
            TableImage image, Row row, Member member, TractId tract, int replication) {
        Optional<StoreInfo> store = image.store(member.ref().store());
        if (store.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new TractException(ErrorCode.UNKNOWN_STORE, "No address of " + member.ref()));
        }
        TailRequest request = TailRequest.newBuilder()
                .setAddress(StoreCalls.address(member.ref(), tract, row.index(), row.version()))
                .setReplication(replication)
                .build();
        return stores.call(store.get(), Methods.TAIL, request)
                .handle((reply, failure) -> answer(row, reply, failure))
                .thenCompose(future -> future);
    }

    private static CompletableFuture<TailAnswer> answer(
            Row row, @Nullable Reply<TailResponse> reply, @Nullable Throwable failure) {
        if (reply == null) {
            TractException error =
                    Futures.asTractException(failure == null ? new IllegalStateException("no reply") : failure);
            return CompletableFuture.failedFuture(error);
        }
        TailResponse message = reply.message();
        reply.close();
        if (message.getVersion() != row.version().value()) {
            return CompletableFuture.failedFuture(new TractException(
                    ErrorCode.STALE_VERSION,
                    "Row " + row.index() + " answered under version " + new RowVersion(message.getVersion())));
        }
        return CompletableFuture.completedFuture(new TailAnswer(
                message.getHolder(),
                message.getDamaged(),
                message.getLength(),
                message.getLengthAtVersion(),
                message.getRangesList(),
                message.getAcknowledgedLength()));
    }
}
