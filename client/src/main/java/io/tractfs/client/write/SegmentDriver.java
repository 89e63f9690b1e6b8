package io.tractfs.client.write;

import io.netty.buffer.ByteBuf;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.EnsureTractRequest;
import io.tractfs.wire.proto.WriteTractRequest;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the effects of a {@link SegmentWriter}. Events come from any thread into a queue; whoever finds the queue
 * idle works it off, so the core is used by one thread at a time without a lock and without a thread of its own. Keeps
 * the packets' bytes until the core releases them. Thread-safe.
 */
final class SegmentDriver {
    private final SegmentWriter core;
    private final WriteTarget target;
    private final Context context;
    private final Listener listener;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    /** By number, hence in order. Used by whoever works off the inbox. */
    private final TreeMap<Long, Kept> kept = new TreeMap<>();

    private long tickDueMs = Long.MAX_VALUE;
    private boolean stopped;

    /** A packet and its finished buffer. */
    record Kept(Packet packet, ByteBuf buffer) {}

    /**
     * What a driver works with.
     *
     * @param stores calls to stores
     * @param table the cached table
     * @param complaints takes complaints to the leader
     */
    record Context(
            StoreCalls stores, TableCache table, Consumer<WriteEffect.Complain> complaints, Timer timer, Clock clock) {}

    /** Hears of progress; called while the inbox is worked off, so it must not block. */
    interface Listener {
        /** Bytes of the segment acknowledged and on disk, and bytes whose buffers were released. */
        void progressed(long acknowledged, long synced, long releasedBytes);

        /** The segment ended early; its packets are to be taken by {@link #takeKept}. */
        void movedOn(long length);

        /** The segment failed for good. */
        void failed(TractException error);
    }

    SegmentDriver(SegmentWriter core, WriteTarget target, Context context, Listener listener) {
        this.core = core;
        this.target = target;
        this.context = context;
        this.listener = listener;
    }

    WriteTarget target() {
        return target;
    }

    /**
     * Appends a packet.
     *
     * @param buffer checksums and data, handed over
     * @param sync whether it and everything before it is to get to the disks
     */
    void append(Packet packet, ByteBuf buffer, boolean sync) {
        post(() -> {
            if (stopped) {
                buffer.release();
                return;
            }
            kept.put(packet.number(), new Kept(packet, buffer));
            step(new WriteEvent.Append(packet, sync));
        });
    }

    /** Everything appended so far is to get to the disks. */
    void syncAll() {
        post(() -> step(new WriteEvent.SyncAll()));
    }

    /** Gives the packets that were not released, oldest first, to the consumer, who owns their buffers. */
    void takeKept(Consumer<Iterable<Kept>> taker) {
        post(() -> {
            Iterable<Kept> all = List.copyOf(kept.values());
            kept.clear();
            taker.accept(all);
        });
    }

    /** Stops for good and drops what is kept. */
    void stop() {
        post(() -> {
            stopped = true;
            drop();
        });
    }

    private void drop() {
        for (Map.Entry<Long, Kept> first = kept.pollFirstEntry(); first != null; first = kept.pollFirstEntry()) {
            first.getValue().buffer().release();
        }
    }

    private void post(Runnable work) {
        inbox.add(work);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int done = 1;
        do {
            for (int i = 0; i < done; i++) {
                @Nullable Runnable next = inbox.poll();
                if (next != null) {
                    run(next);
                }
            }
            done = pending.addAndGet(-done);
        } while (done != 0);
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            // A broken assumption, or no memory: fails the stream loudly instead of leaving its callers waiting. An
            // error
            // that went on from here would leave the inbox as if somebody worked it off.
            stopped = true;
            listener.failed(Futures.asTractException(e));
            drop();
        }
    }

    private void step(WriteEvent event) {
        if (stopped) {
            return;
        }
        long acknowledged = core.acknowledgedLength();
        long synced = core.syncedLength();
        long released = 0;
        for (WriteEffect effect : core.step(event, context.clock().monotonicMs())) {
            released += carryOut(effect);
        }
        if (released > 0 || core.acknowledgedLength() != acknowledged || core.syncedLength() != synced) {
            listener.progressed(core.acknowledgedLength(), core.syncedLength(), released);
        }
        scheduleTick();
    }

    /** Bytes that were released by it. */
    private long carryOut(WriteEffect effect) {
        if (effect instanceof WriteEffect.Send send) {
            send(send);
        } else if (effect instanceof WriteEffect.Ask ask) {
            ask(ask);
        } else if (effect instanceof WriteEffect.Release release) {
            Kept entry = kept.remove(release.packet().number());
            if (entry != null) {
                entry.buffer().release();
                return release.packet().length();
            }
        } else if (effect instanceof WriteEffect.Refresh refresh) {
            refresh(refresh);
        } else if (effect instanceof WriteEffect.Complain complain) {
            context.complaints().accept(complain);
        } else if (effect instanceof WriteEffect.MoveOn moveOn) {
            listener.movedOn(moveOn.length());
        } else if (effect instanceof WriteEffect.Fail fail) {
            drop();
            listener.failed(fail.error());
        }
        return 0;
    }

    private void send(WriteEffect.Send send) {
        Kept entry = kept.get(send.packet().number());
        Optional<StoreInfo> store = storeOf(send);
        if (entry == null || store.isEmpty()) {
            refused(
                    send,
                    new TractException(
                            ErrorCode.UNKNOWN_STORE,
                            "No address of " + send.address().member()));
            return;
        }
        WriteEffect.Address to = send.address();
        WriteTractRequest request = WriteTractRequest.newBuilder()
                .setAddress(StoreCalls.address(to.member(), to.tract(), to.row(), to.version()))
                .setGeneration(target.generation().value())
                .setOffset(send.packet().offset())
                .setLength(send.packet().length())
                .setTractSize(target.tractSize())
                .setReplication(target.replication())
                .setAcknowledgedLength(send.acknowledged())
                .setSync(send.sync())
                .build();
        Body body = Body.of(entry.buffer().retainedDuplicate());
        CompletableFuture<Void> unused = context.stores()
                .call(store.get(), Methods.WRITE_TRACT, request, body)
                .handle((reply, failure) -> answered(
                        send,
                        reply,
                        failure,
                        message -> new WriteEvent.Written(send.token(), new RowVersion(message.getVersion()))));
    }

    private void ask(WriteEffect.Ask ask) {
        Optional<StoreInfo> store = storeOf(ask);
        if (store.isEmpty()) {
            refused(
                    ask,
                    new TractException(
                            ErrorCode.UNKNOWN_STORE,
                            "No address of " + ask.address().member()));
            return;
        }
        WriteEffect.Address to = ask.address();
        EnsureTractRequest request = EnsureTractRequest.newBuilder()
                .setAddress(StoreCalls.address(to.member(), to.tract(), to.row(), to.version()))
                .setGeneration(target.generation().value())
                .setFrom(ask.from())
                .setLength(ask.length())
                .setSync(ask.sync())
                .setAcknowledgedLength(ask.acknowledged())
                .build();
        CompletableFuture<Void> unused = context.stores()
                .call(store.get(), Methods.ENSURE_TRACT, request)
                .handle((reply, failure) -> answered(
                        ask,
                        reply,
                        failure,
                        message -> new WriteEvent.Answered(
                                ask.token(), message.getLength(), new RowVersion(message.getVersion()))));
    }

    private Optional<StoreInfo> storeOf(WriteEffect.Call call) {
        return context.table()
                .current()
                .flatMap(image -> image.store(call.address().member().store()));
    }

    private <R> @Nullable Void answered(
            WriteEffect.Call call,
            @Nullable Reply<R> reply,
            @Nullable Throwable failure,
            Function<R, WriteEvent> event) {
        if (reply == null) {
            refused(call, Futures.asTractException(failure == null ? new IllegalStateException("no reply") : failure));
        } else {
            WriteEvent answer = event.apply(reply.message());
            reply.close();
            post(() -> step(answer));
        }
        return null;
    }

    private void refused(WriteEffect.Call call, TractException error) {
        String message = "Store " + call.address().member() + ", row "
                + call.address().row() + " at version " + call.address().version() + ": " + error.getMessage();
        post(() -> step(new WriteEvent.Refused(call.token(), error.code(), error.version(), message)));
    }

    private void refresh(WriteEffect.Refresh refresh) {
        CompletableFuture<Void> unused = context.table()
                .refresh(refresh.stale())
                .handle((fresh, failure) -> {
                    @Nullable
                    TableImage image =
                            fresh != null ? fresh : context.table().current().orElse(null);
                    if (image != null) {
                        post(() -> step(new WriteEvent.Table(image)));
                    }
                    return null;
                });
    }

    private void scheduleTick() {
        OptionalLong next = core.nextTickMs();
        if (next.isEmpty() || next.getAsLong() >= tickDueMs) {
            return;
        }
        long dueMs = next.getAsLong();
        tickDueMs = dueMs;
        Timer.Cancellation unused = context.timer()
                .after(Math.max(0, dueMs - context.clock().monotonicMs()), () -> post(() -> tick(dueMs)));
    }

    private void tick(long dueMs) {
        if (tickDueMs == dueMs) {
            tickDueMs = Long.MAX_VALUE;
        }
        step(new WriteEvent.Tick());
    }
}
