package io.tractfs.metadata.raft;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Confirms that this peer leads, once for all that ask at about the same time: who asks while a question to the other
 * peers is under way waits for the next one, since the answer has to be newer than the asking. Thread-safe.
 */
final class LeadershipCheck {
    private final Supplier<CompletableFuture<Void>> question;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> next = new CompletableFuture<>();
    private boolean asking;
    private boolean wanted;

    /** Asks by a question, whose future ends on any thread. */
    LeadershipCheck(Supplier<CompletableFuture<Void>> question) {
        this.question = question;
    }

    /** Ends well once a question that was asked after this call is answered well. */
    CompletableFuture<Void> confirm() {
        CompletableFuture<Void> answer;
        synchronized (this) {
            answer = next;
            wanted = true;
            if (asking) {
                return answer;
            }
            turn();
        }
        ask();
        return answer;
    }

    /** Those who wait are answered by the question that is asked now. */
    private void turn() {
        asking = true;
        wanted = false;
        underWay = next;
        next = new CompletableFuture<>();
    }

    private void ask() {
        question.get().whenComplete((done, error) -> answered(error));
    }

    private void answered(@org.jspecify.annotations.Nullable Throwable error) {
        CompletableFuture<Void> ended;
        boolean again;
        synchronized (this) {
            ended = underWay;
            again = wanted;
            if (again) {
                turn();
            } else {
                asking = false;
            }
        }
        if (again) {
            ask();
        }
        if (error == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(error);
        }
    }
}
