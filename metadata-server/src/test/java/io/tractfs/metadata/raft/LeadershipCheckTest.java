package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeadershipCheckTest {
    private final List<CompletableFuture<Void>> questions = new ArrayList<>();
    private final LeadershipCheck check = new LeadershipCheck(() -> {
        CompletableFuture<Void> question = new CompletableFuture<>();
        questions.add(question);
        return question;
    });

    @Test
    void asksOnceForAllThatWaitWhileAQuestionIsUnderWay() {
        CompletableFuture<Void> first = check.confirm();
        CompletableFuture<Void> second = check.confirm();
        CompletableFuture<Void> third = check.confirm();

        questions.get(0).complete(null);
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        assertThat(questions).hasSize(2);

        questions.get(1).complete(null);
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertThat(questions).hasSize(2);
    }

    @Test
    void neverAnswersByAQuestionThatWasAskedBefore() {
        CompletableFuture<Void> unused = check.confirm();
        CompletableFuture<Void> later = check.confirm();
        questions.get(0).complete(null);

        assertThat(later).isNotDone();
    }

    @Test
    void failsThoseAloneWhoseQuestionFailed() {
        CompletableFuture<Void> first = check.confirm();
        CompletableFuture<Void> second = check.confirm();

        questions.get(0).completeExceptionally(new IllegalStateException("no majority"));
        questions.get(1).complete(null);

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompleted();
    }

    @Test
    void asksAgainAfterAPause() {
        CompletableFuture<Void> first = check.confirm();
        questions.get(0).complete(null);
        CompletableFuture<Void> second = check.confirm();
        questions.get(1).complete(null);

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }
}
