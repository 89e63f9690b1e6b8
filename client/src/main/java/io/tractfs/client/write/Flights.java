package io.tractfs.client.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls of a segment's writer that have not been answered. Confined to its {@link SegmentWriter}. */
final class Flights {
    private final Map<Long, Flight> byToken = new HashMap<>();
    private final long slowMs;
    private long nextToken = 1;

    /** One call. */
    static final class Flight {
        final TractProgress tract;
        final MemberProgress member;
        final WriteEffect.Call call;
        final long sentMs;
        private long slowAtMs;

        private Flight(TractProgress tract, MemberProgress member, WriteEffect.Call call, long sentMs) {
            this.tract = tract;
            this.member = member;
            this.call = call;
            this.sentMs = sentMs;
        }

        /** Whether its answer counts: its version is still the one under which acknowledgements count (P10). */
        boolean counts() {
            return tract.counts(member);
        }

        /** The question that this call is has an end, whatever it is. */
        void answered() {
            if (call instanceof WriteEffect.Ask ask) {
                member.asking &= ask.sync();
                member.syncing &= !ask.sync();
            }
        }
    }

    /**
     * No call is under way.
     *
     * @param slowMs after which a call counts as slow, and again after as much
     */
    Flights(long slowMs) {
        this.slowMs = slowMs;
    }

    long token() {
        return nextToken++;
    }

    void add(TractProgress tract, MemberProgress member, WriteEffect.Call call, long nowMs) {
        Flight flight = new Flight(tract, member, call, nowMs);
        flight.slowAtMs = nowMs + slowMs;
        byToken.put(call.token(), flight);
    }

    /** Takes the call of a token out; empty if it was answered before. */
    Optional<Flight> remove(long token) {
        return Optional.ofNullable(byToken.remove(token));
    }

    /** Calls that count and have just become slow, or are slow once more. */
    List<Flight> slow(long nowMs) {
        List<Flight> slow = new ArrayList<>();
        for (Flight flight : byToken.values()) {
            if (flight.slowAtMs <= nowMs && flight.counts()) {
                flight.slowAtMs = nowMs + slowMs;
                slow.add(flight);
            }
        }
        return slow;
    }

    void clear() {
        byToken.clear();
    }
}
