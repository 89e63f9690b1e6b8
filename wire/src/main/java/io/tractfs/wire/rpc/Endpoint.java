package io.tractfs.wire.rpc;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections of one client to one address: dialled on first use, and again after they were lost. Thread-safe. */
final class Endpoint {
    private final HostPort address;
    private final RpcClientConfig config;
    private final Dialer dialer;
    private final Clock clock;
    private final Consumer<HostPort> lost;
    private final AtomicReferenceArray<@Nullable ClientConnection> slots;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile @Nullable Failure failure;

    /** The last attempt to connect, if it failed. */
    private record Failure(String reason, long atNanos) {}

    Endpoint(HostPort address, RpcClientConfig config, Dialer dialer, Clock clock, Consumer<HostPort> lost) {
        this.address = address;
        this.config = config;
        this.dialer = dialer;
        this.clock = clock;
        this.lost = lost;
        this.slots = new AtomicReferenceArray<>(config.connectionsPerAddress());
    }

    /**
     * A connection, perhaps still being dialled.
     *
     * @throws TractException {@code CONNECT_FAILED} if the last attempt failed a moment ago
     */
    ClientConnection connection() throws TractException {
        int slot = Math.floorMod(turn.getAndIncrement(), slots.length());
        while (true) {
            ClientConnection present = slots.get(slot);
            if (present != null && present.isOpen()) {
                return present;
            }
            checkPause();
            ClientConnection fresh = dialer.create(address);
            if (slots.compareAndSet(slot, present, fresh)) {
                fresh.closeFuture().thenRun(() -> closed(fresh));
                dialer.dial(fresh);
                return fresh;
            }
        }
    }

    /** Closes what there is. */
    void close() {
        for (int i = 0; i < slots.length(); i++) {
            ClientConnection connection = slots.get(i);
            if (connection != null) {
                connection.close();
            }
        }
    }

    private void checkPause() throws TractException {
        Failure last = failure;
        if (last != null && clock.nanoTime() - last.atNanos() < TimeUnit.MILLISECONDS.toNanos(config.redialPauseMs())) {
            throw new TractException(ErrorCode.CONNECT_FAILED, address + " failed a moment ago: " + last.reason());
        }
    }

    private void closed(ClientConnection connection) {
        if (connection.isClosedHere()) {
            return;
        }
        if (connection.wasOpened()) {
            failure = null;
            lost.accept(address);
        } else {
            failure = new Failure(connection.closeReason(), clock.nanoTime());
        }
    }
}
