package io.tractfs.client.retry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.tractfs.client.ManualTime;
import io.tractfs.client.transport.RpcCalls;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.wire.proto.BoolResponse;
import io.tractfs.wire.proto.DeleteRequest;
import io.tractfs.wire.proto.OpenSessionResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class MetadataCallsTest {
    private static final RetryConfig CONFIG = new RetryConfig(10_000, 10, 1_000, 500, 500);
    private static final ClientId CLIENT = new ClientId(new UUID(1, 2));

    private final ManualTime time = new ManualTime();
    private final List<CallOptions> sent = new ArrayList<>();
    private long serverMs = 1_700_000_000_000L;
    private int sessions;
    private int failingAttempt;
    private final List<HostPort> asked = new ArrayList<>();
    private final Deque<ErrorCode> errors = new ArrayDeque<>();
    private final MetadataAddresses addresses =
            new MetadataAddresses(List.of(new HostPort("a", 1), new HostPort("b", 1), new HostPort("c", 1)));
    private final MetadataCalls calls =
            new MetadataCalls(new Scripted(), addresses, CONFIG, time, time, new SplittableRandom(1));

    /** Answers with the next error of the script, then with true. */
    private final class Scripted implements RpcCalls {
        @Override
        @SuppressWarnings("unchecked") // The only method called is DELETE.
        public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
                HostPort to, Method<Q, R> method, Q message, Body body, CallOptions options) {
            if (method.number() == Methods.OPEN_SESSION.number()) {
                sessions++;
                return CompletableFuture.completedFuture((Reply<R>) new Reply<>(
                        OpenSessionResponse.newBuilder().setTimeMs(serverMs).build(), Unpooled.EMPTY_BUFFER));
            }
            sent.add(options);
            asked.add(to);
            if (sent.size() == failingAttempt) {
                throw new OutOfMemoryError("no direct memory");
            }
            ErrorCode error = errors.poll();
            return error != null
                    ? CompletableFuture.failedFuture(new TractException(error, "scripted"))
                    : CompletableFuture.completedFuture((Reply<R>)
                            new Reply<>(BoolResponse.newBuilder().setValue(true).build(), Unpooled.EMPTY_BUFFER));
        }
    }

    private CompletableFuture<BoolResponse> delete() {
        return calls.mutate(Methods.DELETE, DeleteRequest.getDefaultInstance(), CLIENT);
    }

    @Test
    void asksTheNextServerUntilItFindsTheLeaderAndRemembersIt() {
        errors.addAll(List.of(ErrorCode.NOT_LEADER, ErrorCode.CONNECT_FAILED));
        CompletableFuture<BoolResponse> first = delete();
        time.advance(0);
        assertThat(first).isCompleted();
        assertThat(asked).extracting(HostPort::host).containsExactly("a", "b", "c");
        assertThat(delete()).isCompleted();
        assertThat(asked.get(3).host()).isEqualTo("c");
    }

    @Test
    void repeatsUnderTheSameCallIdAndCountsAttempts() {
        errors.addAll(List.of(ErrorCode.CONNECTION_LOST, ErrorCode.DEADLINE_EXCEEDED, ErrorCode.BUSY));
        CompletableFuture<BoolResponse> call = delete();
        time.advance(3_000);
        assertThat(call).isCompleted();
        assertThat(sent)
                .extracting(CallOptions::callId)
                .containsOnly(sent.get(0).callId());
        assertThat(sent).extracting(CallOptions::clientId).containsOnly(CLIENT);
        assertThat(sent).extracting(CallOptions::attempt).containsExactly(0, 1, 2, 3);
        CompletableFuture<BoolResponse> other = delete();
        assertThat(other).isCompleted();
        assertThat(sent.get(4).callId()).isNotEqualTo(sent.get(0).callId());
    }

    @Test
    void anErrorEndsTheCallWhicheverThreadMeetsIt() {
        failingAttempt = 2;
        errors.add(ErrorCode.BUSY);
        CompletableFuture<BoolResponse> call = delete();
        assertThat(call).isNotDone();
        time.advance(3_000);
        assertThat(call).isCompletedExceptionally();
        assertThat(sent).hasSize(2);
    }

    @Test
    void givesARefusalToTheCallerAtOnce() {
        errors.add(ErrorCode.PERMISSION_DENIED);
        assertThat(delete()).isCompletedExceptionally();
        assertThat(sent).hasSize(1);
    }

    @Test
    void asksTheSameServerAgainAfterAPauseWhileItStarts() {
        errors.addAll(List.of(ErrorCode.STARTING, ErrorCode.STARTING));
        CompletableFuture<BoolResponse> call = delete();
        assertThat(sent).hasSize(1);
        time.advance(1_000);
        assertThat(call).isCompleted();
        assertThat(asked).extracting(HostPort::host).containsOnly("a");
    }

    @Test
    void givesUpWhenTheRetryTimeIsOverAndSaysWhatItTried() {
        for (int i = 0; i < 10_000; i++) {
            errors.add(ErrorCode.CONNECT_FAILED);
        }
        CompletableFuture<BoolResponse> call = delete();
        time.advance(20_000);
        assertThat(call)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("delete")
                .withMessageContaining("attempts")
                .withMessageContaining("[a:1, b:1, c:1]");
        assertThat(sent).as("pauses grow").hasSizeLessThan(500);
    }

    @Test
    void decidesForEveryErrorCode() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(RetryPolicy.decide(code)).as(code.name()).isNotNull();
        }
        assertThat(RetryPolicy.decide(ErrorCode.NOT_FOUND)).isEqualTo(RetryPolicy.Decision.FAIL);
        assertThat(RetryPolicy.decide(ErrorCode.READ_ONLY)).isEqualTo(RetryPolicy.Decision.SAME_AFTER_PAUSE);
        assertThat(RetryPolicy.decide(ErrorCode.CONNECTION_LOST)).isEqualTo(RetryPolicy.Decision.NEXT_SERVER);
    }

    @Test
    void asksSeveralTimesASecondHoweverLongTheServerTakesToStart() {
        errors.addAll(Collections.nCopies(40, ErrorCode.STARTING));
        CompletableFuture<BoolResponse> call = delete();
        while (!call.isDone()) {
            int before = sent.size();
            time.advance(151);
            assertThat(sent.size()).isGreaterThan(before);
        }
        assertThat(sent).hasSize(41);
    }

    @Test
    void keepsPausesBetweenHalfAndOneAndAHalfOfTheirBound() {
        Backoff backoff = new Backoff(10, 1_000);
        SplittableRandom random = new SplittableRandom(3);
        for (int failures = 1; failures < 200; failures++) {
            long bound = failures > 7 ? 1_000 : 10L << (failures - 1);
            assertThat(backoff.delayMs(failures, random)).isBetween(bound / 2, bound / 2 + bound);
        }
    }

    @Test
    void putsTheServersTimeIntoTheNumbersOfCalls() {
        assertThat(delete()).isCompleted();
        time.advance(7_000);
        assertThat(delete()).isCompleted();
        assertThat(sessions).isEqualTo(1);
        assertThat(sent)
                .extracting(options -> options.callId() >>> CallNumbers.COUNTER_BITS)
                .containsExactly(serverMs, serverMs + 7_000);
    }

    @Test
    void numbersACallAnewIfItsOnlyAttemptIsTakenForAnOldOne() {
        assertThat(delete()).isCompleted();
        serverMs += 3_600_000;
        errors.add(ErrorCode.CALL_TOO_OLD);
        assertThat(delete()).isCompleted();
        assertThat(sent.get(2).callId() >>> CallNumbers.COUNTER_BITS).isEqualTo(serverMs);
        errors.addAll(List.of(ErrorCode.CALL_TOO_OLD, ErrorCode.CALL_TOO_OLD));
        assertThat(delete()).isCompletedExceptionally();
    }

    @Test
    void doesNotCarryOutAnOldCallWhoseFateIsUnknown() {
        errors.addAll(List.of(ErrorCode.CONNECTION_LOST, ErrorCode.CALL_TOO_OLD));
        CompletableFuture<BoolResponse> call = delete();
        time.advance(1_000);
        assertThat(call).isCompletedExceptionally();
        assertThat(sent).hasSize(2);
    }
}
