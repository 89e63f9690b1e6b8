package io.tractfs.tract.server;

import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import io.tractfs.wire.proto.TailResponse;

/** A tract's state as the answer to a tail read or a fence (P22). Pure functions. */
final class Tails {
    private Tails() {}

    /** The answer for a tract that is there. */
    static TailResponse of(TractState state, TractTarget target, boolean holder) {
        TailResponse.Builder tail = TailResponse.newBuilder()
                .setLength(state.length())
                .setLengthAtVersion(target.gate().lengthAtVersion(state))
                .setVersion(target.version().value())
                .setHolder(holder)
                .setAcknowledgedLength(state.acknowledgedLength())
                .setGeneration(state.generation().value())
                .setDamaged(!state.damaged().isEmpty());
        for (Span range : state.ranges()) {
            tail.addRanges(range.from()).addRanges(range.to());
        }
        return tail.build();
    }

    /** The answer where there is nothing. */
    static TailResponse absent(TractTarget target, boolean holder) {
        return TailResponse.newBuilder()
                .setVersion(target.version().value())
                .setHolder(holder)
                .build();
    }
}
