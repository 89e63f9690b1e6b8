package io.tractfs.sim.kernel;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Calls between processes. Each ends in exactly one outcome for a caller that lives on: an answer, a refusal, a refused
 * or broken connection, or its time runs out. Messages of one pair keep their order unless the faults say otherwise. Not
 * thread-safe.
 */
public final class Network {
    private final EventQueue queue;
    private final LinkFaults faults;
    private final Map<Link, Long> lastArrival = new HashMap<>();
    private final Set<Call<?>> open = new LinkedHashSet<>();
    private long calls;

    private record Link(SimulatedProcess from, SimulatedProcess to) {}

    /** A network. */
    public Network(EventQueue queue, LinkFaults faults) {
        this.queue = queue;
        this.faults = faults;
    }

    /** What it does to messages. */
    public LinkFaults faults() {
        return faults;
    }

    /** Calls so far. */
    public long calls() {
        return calls;
    }

    /**
     * Calls.
     *
     * @param what for the trace
     * @param serve done at the callee when the request arrives; it looks the callee's present life up
     * @param then done at the caller with the outcome
     */
    public <R> void call(
            SimulatedProcess from,
            SimulatedProcess to,
            String what,
            long timeoutNanos,
            Consumer<Responder<R>> serve,
            Consumer<Outcome<R>> then) {
        Call<R> call = new Call<>(this, new Call.Parties(from, to, what), serve, then);
        calls++;
        open.add(call);
        from.after(timeoutNanos, call::timeOut);
        call.send();
        if (faults.doubles()) {
            call.send();
        }
    }

    /** Breaks the connections between two processes: calls under way fail, though they may have been served. */
    public void reset(SimulatedProcess one, SimulatedProcess other) {
        queue.note("reset " + one + " - " + other);
        for (Call<?> call : List.copyOf(open)) {
            if (call.isBetween(one, other)) {
                call.breakOff();
            }
        }
    }

    EventQueue queue() {
        return queue;
    }

    void closed(Call<?> call) {
        open.remove(call);
    }

    /** Carries a message; nothing happens if it is lost. */
    void carry(SimulatedProcess from, SimulatedProcess to, Runnable arrival) {
        if (faults.isCut(from, to) || faults.loses()) {
            return;
        }
        Link link = new Link(from, to);
        long at = queue.nowNanos() + faults.delayNanos();
        if (!faults.reorders()) {
            at = Math.max(at, lastArrival.getOrDefault(link, 0L) + 1);
            lastArrival.put(link, at);
        }
        queue.after(at - queue.nowNanos(), arrival);
    }
}
