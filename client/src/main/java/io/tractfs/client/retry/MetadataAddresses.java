package io.tractfs.client.retry;

import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.HostPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The metadata servers and which of them was the leader last. Shared by the calls of all clients. One that did not answer
 * is passed over for a while, if any other is left: it may hang, and would cost each round the time to notice that.
 * Thread-safe.
 */
public final class MetadataAddresses {
    private static final long AVOID_MS = 3_000;

    private final List<HostPort> addresses;
    private final Clock clock;
    private final long[] avoidedUntilMs;
    private int leader;

    /** Begins with the first address. */
    public MetadataAddresses(List<HostPort> addresses) {
        this(addresses, Clock.SYSTEM);
    }

    /** The same on another clock. */
    public MetadataAddresses(List<HostPort> addresses, Clock clock) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("No address of a metadata server is given");
        }
        this.addresses = List.copyOf(addresses);
        this.clock = clock;
        this.avoidedUntilMs = new long[addresses.size()];
        Arrays.fill(avoidedUntilMs, Long.MIN_VALUE);
    }

    /** The one to ask. */
    public synchronized HostPort leader() {
        return addresses.get(leader);
    }

    /** How many there are. */
    public int count() {
        return addresses.size();
    }

    /**
     * Goes on to the next, unless another call has done so since.
     *
     * @param silent whether it did not answer at all
     */
    public synchronized void turnFrom(HostPort asked, boolean silent) {
        long now = clock.monotonicMs();
        int index = addresses.indexOf(asked);
        if (silent && index >= 0) {
            avoidedUntilMs[index] = now + AVOID_MS;
        }
        if (index != leader) {
            return;
        }
        int next = (leader + 1) % addresses.size();
        for (int i = 0; i < addresses.size() && avoidedUntilMs[next] > now; i++) {
            next = (next + 1) % addresses.size();
        }
        leader = avoidedUntilMs[next] > now ? (leader + 1) % addresses.size() : next;
    }

    /**
     * Goes to the one that another server has named as the leader.
     *
     * @param named as the server wrote it
     * @return false if it is none of the configured addresses, or did not answer lately
     */
    public synchronized boolean turnTo(String named) {
        List<String> texts = new ArrayList<>();
        addresses.forEach(address -> texts.add(address.toString()));
        int index = texts.indexOf(named);
        if (index < 0 || avoidedUntilMs[index] > clock.monotonicMs()) {
            return false;
        }
        leader = index;
        return true;
    }

    @Override
    public String toString() {
        return addresses.toString();
    }
}
