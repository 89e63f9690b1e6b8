package io.tractfs.sim.kernel;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** One call under way. Not thread-safe. */
final class Call<R> {
    private static final long NOTICE_NANOS = 1_000_000;

    private final Network network;
    private final Parties parties;
    private final Consumer<Responder<R>> serve;
    private final Deque<Outcome<R>> outcome = new ArrayDeque<>(1);
    private final Runnable conclude;
    private boolean over;

    /** Who calls whom with what. Immutable. */
    record Parties(SimulatedProcess from, SimulatedProcess to, String what) {
        @Override
        public String toString() {
            return from + " > " + to + " " + what;
        }
    }

    /** A call that is not sent; it belongs to the caller's present life. */
    Call(Network network, Parties parties, Consumer<Responder<R>> serve, Consumer<Outcome<R>> then) {
        this.network = network;
        this.parties = parties;
        this.serve = serve;
        this.conclude = parties.from().bind(() -> then.accept(outcome.remove()));
    }

    /** Sends the request, or a double of it. */
    void send() {
        network.carry(parties.from(), parties.to(), this::arrive);
    }

    private void arrive() {
        SimulatedProcess callee = parties.to();
        if (callee.isDown()) {
            network.carry(callee, parties.from(), () -> fail(ErrorCode.CONNECT_FAILED, "found nobody"));
            return;
        }
        network.queue().note(parties.toString());
        Runnable brokenByEnd = () -> network.queue()
                .after(
                        NOTICE_NANOS,
                        () -> network.carry(callee, parties.from(), () -> fail(ErrorCode.CONNECTION_LOST, "broke")));
        callee.onEnd(brokenByEnd);
        callee.bind(() -> serve.accept(new Answers(brokenByEnd))).run();
    }

    boolean isBetween(SimulatedProcess one, SimulatedProcess other) {
        return (parties.from() == one && parties.to() == other) || (parties.from() == other && parties.to() == one);
    }

    void timeOut() {
        fail(ErrorCode.DEADLINE_EXCEEDED, "took too long");
    }

    void breakOff() {
        fail(ErrorCode.CONNECTION_LOST, "broke");
    }

    private void fail(ErrorCode code, String why) {
        if (over) {
            return; // Most calls have ended when their time is over: an exception that nobody sees costs much.
        }
        end(new Outcome.Failed<>(new TractException(code, parties + " " + why)));
    }

    private void end(Outcome<R> result) {
        if (!over) {
            over = true;
            network.closed(this);
            outcome.add(result);
            conclude.run();
        }
    }

    /** Answers from the callee's life in which the request arrived. */
    private final class Answers implements Responder<R> {
        private final Runnable ending;
        private boolean answered;

        Answers(Runnable ending) {
            this.ending = ending;
        }

        @Override
        public void reply(R value) {
            answer(new Outcome.Answered<>(value));
        }

        @Override
        public void fail(TractException error) {
            network.queue().note(parties + " refused: " + error.code());
            answer(new Outcome.Failed<>(error));
        }

        private void answer(Outcome<R> result) {
            if (!answered) {
                answered = true;
                parties.to().dropEnding(ending);
                network.carry(parties.to(), parties.from(), () -> end(result));
            }
        }
    }
}
