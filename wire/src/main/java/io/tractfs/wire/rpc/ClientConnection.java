package io.tractfs.wire.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.ScheduledFuture;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.wire.frame.Frame;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.ResponseHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one connection. Calls may be made while it is still being dialled: they wait, in a bounded queue
 * and against their deadline. The interface's methods are thread-safe; the rest is confined to the event loop.
 */
final class ClientConnection implements RpcChannel {
    private static final int KEEP_ALIVES_UNTIL_LOST = 3;

    private enum State {
        DIALLING,
        OPEN,
        CLOSED
    }

    private final HostPort address;
    private final RpcClientConfig config;
    private final EventLoops loops;
    private final EventLoop loop;
    private final Clock clock;
    private final LoopQueue<ClientCall<?>> added;
    private final CompletableFuture<Void> closeFuture = new CompletableFuture<>();
    /** Calls that are not completed; the only count that other threads see. */
    private final AtomicInteger outstanding = new AtomicInteger();

    private volatile State state = State.DIALLING;
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> keepAlive;
    private final ArrayDeque<ClientCall<?>> waiting = new ArrayDeque<>();
    private final LongObjectHashMap<ClientCall<?>> inFlight = new LongObjectHashMap<>();
    private long lastCorrelation;
    private long lastReadNanos;
    private long lastCallNanos;
    private ErrorCode closeCode = ErrorCode.CONNECT_FAILED;
    private String closeReason = "the connection is closed";
    private @Nullable Throwable closeCause;
    private boolean closedHere;
    private boolean wasOpened;
    /** Calls whose time was over before their answer came. */
    private int abandoned;

    ClientConnection(HostPort address, RpcClientConfig config, EventLoops loops, EventLoop loop, Clock clock) {
        this.address = address;
        this.config = config;
        this.loops = loops;
        this.loop = loop;
        this.clock = clock;
        this.added = new LoopQueue<>(
                loop, this::drain, call -> call.lose(ErrorCode.SHUTTING_DOWN, "the event loops have ended", null));
    }

    HostPort address() {
        return address;
    }

    EventLoop loop() {
        return loop;
    }

    /** Whether the connection was ended by this side, by {@link #close} or for being idle. */
    boolean isClosedHere() {
        return closedHere;
    }

    @Override
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
            Method<Q, R> method, Q message, Body body, CallOptions options) {
        ClientCall<R> call;
        try {
            call = ClientCall.of(method, address, options, message, body, loops.allocator(), clock.nanoTime());
        } catch (TractException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (outstanding.incrementAndGet() > config.maxInFlight() + config.maxPending()) {
            outstanding.decrementAndGet();
            call.lose(ErrorCode.BUSY, "too many calls wait for the connection", null);
        } else {
            added.add(call);
        }
        return call.future();
    }

    @Override
    public boolean isOpen() {
        return state != State.CLOSED;
    }

    @Override
    public CompletableFuture<Void> closeFuture() {
        return closeFuture;
    }

    @Override
    public void close() {
        if (!loop.isShutdown()) {
            loop.execute(() -> closeHere("closed by this client"));
        }
    }

    /** Whether the server ever accepted the hello. */
    boolean wasOpened() {
        return wasOpened;
    }

    /** Why the connection is closed. */
    String closeReason() {
        return closeReason;
    }

    /** There is a socket; the hello is on its way. */
    void connected(Channel newChannel) {
        channel = newChannel;
        if (state == State.CLOSED) {
            newChannel.close();
        }
    }

    /** The server has accepted the hello: calls may go. */
    void opened() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.OPEN;
        wasOpened = true;
        lastReadNanos = clock.nanoTime();
        lastCallNanos = lastReadNanos;
        keepAlive = loop.scheduleAtFixedRate(
                this::checkAlive, config.keepAliveMs(), config.keepAliveMs(), TimeUnit.MILLISECONDS);
        sendWaiting();
    }

    /** The connection is gone, or was never made. The first reason counts. */
    void closed(ErrorCode code, String reason, @Nullable Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        closeCode = code;
        closeReason = reason;
        closeCause = cause;
        if (keepAlive != null) {
            keepAlive.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
        List<ClientCall<?>> lost = new ArrayList<>(inFlight.values());
        inFlight.clear();
        lost.addAll(waiting);
        waiting.clear();
        // Completed first: who is told of a lost call must not be given this connection again.
        closeFuture.complete(null);
        for (ClientCall<?> call : lost) {
            lose(call);
        }
        drain();
    }

    void bytesRead() {
        lastReadNanos = clock.nanoTime();
    }

    /** A frame after the hello; taken over. */
    void received(Frame frame) {
        switch (frame.type()) {
            case RESPONSE -> receivedResponse(frame);
            case PING -> {
                frame.release();
                if (channel != null) {
                    FrameWriter.writeEmpty(channel, FrameType.PONG);
                }
            }
            case PONG -> frame.release();
            case GOODBYE -> receivedGoodbye(frame);
            case HELLO, HELLO_REPLY, REQUEST -> {
                frame.release();
                closed(ErrorCode.CONNECTION_LOST, "the server sent a frame of type " + frame.type(), null);
            }
        }
    }

    void writable() {
        sendWaiting();
    }

    private void receivedResponse(Frame frame) {
        try {
            ResponseHeader header = ResponseHeader.parseFrom(frame.header().nioBuffer());
            ClientCall<?> call = inFlight.remove(header.getCorrelation());
            complete(call, header, frame);
            frame.header().release();
            sendWaiting();
        } catch (InvalidProtocolBufferException e) {
            frame.release();
            closed(ErrorCode.CONNECTION_LOST, "the server sent a response header that cannot be read", e);
        }
    }

    private void complete(@Nullable ClientCall<?> call, ResponseHeader header, Frame frame) {
        if (call == null) {
            frame.body().release();
            return;
        }
        outstanding.decrementAndGet();
        if (call.isDone()) {
            abandoned--;
            frame.body().release();
        } else {
            call.complete(header, frame);
        }
    }

    private void receivedGoodbye(Frame frame) {
        String reason = "the server said goodbye";
        try {
            ResponseHeader header = ResponseHeader.parseFrom(frame.header().nioBuffer());
            reason += ": " + ErrorCode.ofNumber(header.getErrorCode()) + ", " + header.getErrorMessage();
        } catch (InvalidProtocolBufferException e) {
            reason += " in a way that cannot be read: " + e.getMessage();
        } finally {
            frame.release();
        }
        closed(ErrorCode.CONNECT_FAILED, reason, null);
    }

    /** Takes what other threads have added. */
    private void drain() {
        boolean send = false;
        for (ClientCall<?> call = added.poll(); call != null; call = added.poll()) {
            if (state == State.CLOSED) {
                lose(call);
                continue;
            }
            long leftNanos = call.deadlineNanos() - clock.nanoTime();
            ClientCall<?> timed = call;
            call.timer(loop.schedule(() -> expire(timed), Math.max(0, leftNanos), TimeUnit.NANOSECONDS));
            waiting.add(call);
            send = true;
        }
        if (send) {
            sendWaiting();
        }
    }

    private void sendWaiting() {
        Channel open = channel;
        if (open == null || state != State.OPEN) {
            return;
        }
        boolean written = false;
        while (!waiting.isEmpty() && inFlight.size() < config.maxInFlight() && open.isWritable()) {
            ClientCall<?> call = waiting.remove();
            if (!call.isDone()) {
                written |= send(open, call);
            }
        }
        if (written) {
            lastCallNanos = clock.nanoTime();
            open.flush();
        }
    }

    private boolean send(Channel open, ClientCall<?> call) {
        long correlation = ++lastCorrelation;
        ByteBuf head;
        try {
            head = call.encode(open.alloc(), correlation, clock.nanoTime());
        } catch (TractException e) {
            outstanding.decrementAndGet();
            call.fail(e);
            return false;
        }
        inFlight.put(correlation, call);
        FrameWriter.write(open, head, call.takeBody(), open.newPromise());
        return true;
    }

    /** A call that was sent keeps its place until its answer comes: the server still works on it. */
    private void expire(ClientCall<?> call) {
        if (call.isDone()) {
            return;
        }
        if (call.isSent()) {
            abandoned++;
        } else {
            waiting.remove(call);
            outstanding.decrementAndGet();
        }
        call.expire();
        if (abandoned >= config.maxInFlight()) {
            closed(ErrorCode.CONNECT_FAILED, "the server has not answered " + abandoned + " calls in time", null);
        }
    }

    private void lose(ClientCall<?> call) {
        outstanding.decrementAndGet();
        if (!call.isDone()) {
            call.lose(closeCode, closeReason, closeCause);
        }
    }

    private void checkAlive() {
        Channel open = channel;
        if (state != State.OPEN || open == null) {
            return;
        }
        long now = clock.nanoTime();
        long silentMs = TimeUnit.NANOSECONDS.toMillis(now - lastReadNanos);
        if (silentMs >= KEEP_ALIVES_UNTIL_LOST * config.keepAliveMs()) {
            closed(ErrorCode.CONNECT_FAILED, "the server was silent for " + silentMs + " ms", null);
        } else if (outstanding.get() == 0
                && TimeUnit.NANOSECONDS.toMillis(now - lastCallNanos) >= config.idleTimeoutMs()) {
            closeHere("the connection was idle");
        } else if (silentMs >= config.keepAliveMs() / 2) {
            FrameWriter.writeEmpty(open, FrameType.PING);
        }
    }

    private void closeHere(String reason) {
        if (state != State.CLOSED) {
            closedHere = true;
            closed(ErrorCode.CONNECT_FAILED, reason, null);
        }
    }
}
