package io.tractfs.sim.client;

import io.tractfs.client.Segment;
import io.tractfs.client.read.TailAnswer;
import io.tractfs.client.read.TailLength;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.Peers.StorePeer;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Tail;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.TableImage;
import io.tractfs.tract.store.TractState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds how long the tail of an open file is (P22). {@link TailLength} asks one question after the other; here each is
 * asked over the network, and the course is gone through anew with the answers so far. Not thread-safe.
 */
final class TailAsker {
    private static final long CALL_NANOS = 1_000_000_000;
    private static final int MOST_ATTEMPTS = 8;

    private final ClientParts parts;
    private final ClientTable table;
    private final Segment segment;
    private final int window;
    private final LongConsumer found;
    private final Runnable failed;
    private final List<List<TailAnswer>> answers = new ArrayList<>();
    private int wanted;
    private int attempts;

    /**
     * A search that has not begun.
     *
     * @param found told the visible length
     * @param failed told if the members cannot be asked
     */
    TailAsker(ClientParts parts, ClientTable table, Segment segment, int window, LongConsumer found, Runnable failed) {
        this.parts = parts;
        this.table = table;
        this.segment = segment;
        this.window = window;
        this.found = found;
        this.failed = failed;
    }

    void run() {
        int[] next = {0};
        long length;
        try {
            length = new TailLength(segment, window, tract -> {
                        if (next[0] < answers.size()) {
                            return answers.get(next[0]++);
                        }
                        wanted = tract;
                        throw new TractException(ErrorCode.BUSY, "the question is under way");
                    })
                    .find();
        } catch (TractException notYet) {
            ask();
            return;
        }
        found.accept(length);
    }

    private void ask() {
        TractId tract = new TractId(segment.blob(), wanted);
        TableImage image = table.current().orElseThrow();
        Row row = image.rowOf(tract);
        int replicationClass = row.classOf(segment.replication());
        List<Member> members = new ArrayList<>();
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && row.keeps(column, replicationClass)) {
                members.add(member);
            }
        }
        if (members.stream().noneMatch(member -> member.holds(replicationClass))) {
            again();
            return;
        }
        if (parts.off().contains(Rule.READERS_ASK_EVERY_MEMBER)) {
            members.removeIf(member -> !member.holds(replicationClass));
            members.subList(1, members.size()).clear();
        }
        Round round = new Round(members.size());
        for (Member member : members) {
            ask(new Address(member.ref(), tract, row.index(), row.version()), round);
        }
    }

    private void ask(Address address, Round round) {
        StorePeer store = parts.peers().store(address.store().store());
        parts.network()
                .<Tail>call(
                        parts.process(),
                        store.process(),
                        "tail " + address.tract(),
                        CALL_NANOS,
                        answer -> store.service().tail(address, segment.replication(), answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<Tail> tail
                                    && tail.value().version().equals(address.version())) {
                                round.took(answer(tail.value()));
                            } else {
                                round.failed();
                            }
                        });
    }

    private static TailAnswer answer(Tail tail) {
        @Nullable TractState state = tail.state();
        if (state == null) {
            return new TailAnswer(tail.holder(), false, 0, 0, List.of(), 0);
        }
        List<Integer> ranges = new ArrayList<>();
        state.ranges().forEach(range -> ranges.addAll(List.of(range.from(), range.to())));
        return new TailAnswer(
                tail.holder(),
                !state.damaged().isEmpty(),
                state.length(),
                tail.lengthAtVersion(),
                ranges,
                state.acknowledgedLength());
    }

    private void again() {
        if (++attempts > MOST_ATTEMPTS) {
            failed.run();
            return;
        }
        long pause = (1L + parts.random().nextInt(60)) * 1_000_000;
        table.refresh(() -> parts.process().after(pause, this::ask));
    }

    /** One question to all members. Not thread-safe. */
    private final class Round {
        private final List<TailAnswer> taken = new ArrayList<>();
        private int open;
        private boolean incomplete;

        Round(int members) {
            this.open = members;
        }

        void took(TailAnswer answer) {
            taken.add(answer);
            ended();
        }

        void failed() {
            incomplete = true;
            ended();
        }

        private void ended() {
            if (--open > 0) {
                return;
            }
            if (incomplete) {
                again();
            } else {
                answers.add(taken);
                run();
            }
        }
    }
}
