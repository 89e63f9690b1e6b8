package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.recovery.TailSearch;
import io.tractfs.metadata.server.FenceRound;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.protocol.Peers.StorePeer;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Tail;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.tract.store.TractState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A writer recovery's calls to stores. Not thread-safe. */
final class TailCaller implements FenceRound.MemberCalls {
    private static final long CALL_NANOS = 2_000_000_000;

    private final MetadataNode node;
    private final LeaderDriver leader;
    private final Segment segment;
    private final Generation generation;

    TailCaller(MetadataNode node, LeaderDriver leader, Segment segment, Generation generation) {
        this.node = node;
        this.leader = leader;
        this.segment = segment;
        this.generation = generation;
    }

    @Override
    public CompletableFuture<FenceRound.Fenced> fence(Row row, Member member, TractId tract) {
        StoreService.Fence request = new StoreService.Fence(
                address(row, member, tract), generation, segment.replication(), segment.tractSize());
        CompletableFuture<FenceRound.Fenced> fenced = this.<Tail>call(
                        member, "fence " + tract, (store, answer) -> store.fence(request, answer))
                .thenApply(this::fenced);
        if (node.off().contains(Rule.EVERY_MEMBER_ANSWERS_A_FENCE)) {
            FenceRound.Fenced nothing = new FenceRound.Fenced(row.version(), new TailSearch.Answer(false, 0, false, 0));
            return fenced.exceptionally(error -> nothing);
        }
        return fenced;
    }

    private FenceRound.Fenced fenced(Tail tail) {
        @Nullable TractState state = tail.state();
        TailSearch.Answer answer;
        if (state == null) {
            answer = new TailSearch.Answer(tail.holder(), 0, false, 0);
        } else {
            List<Integer> ranges = new ArrayList<>();
            state.ranges().forEach(range -> ranges.addAll(List.of(range.from(), range.to())));
            boolean counts = node.off().contains(Rule.DAMAGE_COUNTS_IN_NO_MINIMUM)
                    && !state.damaged().isEmpty();
            answer = new TailSearch.Answer(
                    tail.holder(),
                    counts ? state.damaged().get(0).from() : state.length(),
                    !counts && !state.damaged().isEmpty(),
                    state.acknowledgedLength(),
                    tail.lengthAtVersion(),
                    ranges);
        }
        return new FenceRound.Fenced(tail.version(), answer);
    }

    @Override
    public CompletableFuture<Boolean> cut(Row row, Member member, TractId tract, int length) {
        StoreService.Cut request = new StoreService.Cut(address(row, member, tract), generation, length);
        return call(member, "cut " + tract + " to " + length, (store, answer) -> store.cut(request, answer));
    }

    private static Address address(Row row, Member member, TractId tract) {
        return new Address(member.ref(), tract, row.index(), row.version());
    }

    private <A> CompletableFuture<A> call(Member member, String what, BiConsumer<StoreService, Responder<A>> request) {
        if (!leader.knows(member.ref())) {
            return CompletableFuture.failedFuture(
                    new TractException(ErrorCode.UNKNOWN_STORE, "Store " + member.ref() + " is away"));
        }
        CompletableFuture<A> future = new CompletableFuture<>();
        StorePeer store = node.peers().store(member.ref().store());
        node.network()
                .<A>call(
                        node.process(),
                        store.process(),
                        what + " generation " + generation,
                        CALL_NANOS,
                        answer -> request.accept(store.service(), answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<A> answered) {
                                future.complete(answered.value());
                            } else if (outcome instanceof Outcome.Failed<A> failed) {
                                future.completeExceptionally(failed.error());
                            }
                        });
        return future;
    }
}
