package io.tractfs.client.retry;

import io.tractfs.wire.rpc.HostPort;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The metadata servers and which of them was the leader last. Shared by the calls of all clients. Thread-safe. */
public final class MetadataAddresses {
    private final List<HostPort> addresses;
    private final AtomicInteger leader = new AtomicInteger();

    /** Begins with the first address. */
    public MetadataAddresses(List<HostPort> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("No address of a metadata server is given");
        }
        this.addresses = List.copyOf(addresses);
    }

    /** The one to ask. */
    public HostPort leader() {
        return addresses.get(leader.get());
    }

    /** How many there are. */
    public int count() {
        return addresses.size();
    }

    /** Goes on to the next, unless another call has done so since. */
    public void turnFrom(HostPort asked) {
        int index = addresses.indexOf(asked);
        leader.compareAndSet(index, (index + 1) % addresses.size());
    }

    @Override
    public String toString() {
        return addresses.toString();
    }
}
