package io.tractfs.client.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.tractfs.client.ManualTime;
import io.tractfs.client.retry.MetadataAddresses;
import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.retry.RetryConfig;
import io.tractfs.client.transport.RpcCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.wire.proto.OpenSessionResponse;
import io.tractfs.wire.proto.RenewLeaseRequest;
import io.tractfs.wire.proto.RenewLeaseResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P23: what the writer makes of its lease, on its own clock. */
class LeaseKeeperTest {
    private static final long LEASE_MS = 60_000;
    private static final RetryConfig CONFIG = new RetryConfig(300_000, 10, 1_000, 500, 500);
    private static final ClientId CLIENT = new ClientId(new UUID(1, 2));
    private static final FileId FILE = new FileId(7);
    private static final FileId OTHER = new FileId(8);

    private final ManualTime time = new ManualTime();
    private final Leader leader = new Leader();
    private final LeaseKeeper keeper = new LeaseKeeper(
            new MetadataCalls(
                    leader,
                    new MetadataAddresses(List.of(new HostPort("a", 1))),
                    CONFIG,
                    time,
                    time,
                    new SplittableRandom(1)),
            CLIENT,
            time,
            time);
    /** Streams are referred to weakly: the test must hold them. */
    private final AcknowledgedSource stream = () -> new AcknowledgedSource.Acknowledged(new BlobId(5), 1_234);

    /** A metadata server that can be away, slow and rid of files. */
    private final class Leader implements RpcCalls {
        private final Set<Long> lost = new HashSet<>();
        private final List<RenewLeaseRequest> renewals = new ArrayList<>();
        private boolean away;
        private long answerAfterMs;

        @Override
        // Two methods are called, told apart by the method, of which there is one object each.
        @SuppressWarnings({"unchecked", "ReferenceEquality"})
        public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
                HostPort to, Method<Q, R> method, Q message, Body body, CallOptions options) {
            if (away) {
                return CompletableFuture.failedFuture(new TractException(ErrorCode.CONNECT_FAILED, "away"));
            }
            if (method == Methods.OPEN_SESSION) {
                return reply((R)
                        OpenSessionResponse.newBuilder().setLeaseMs(LEASE_MS).build());
            }
            RenewLeaseRequest request = (RenewLeaseRequest) message;
            renewals.add(request);
            RenewLeaseResponse.Builder response =
                    RenewLeaseResponse.newBuilder().setLeaseMs(LEASE_MS);
            request.getFilesList().forEach(file -> {
                if (lost.contains(file.getFileId())) {
                    response.addLostFiles(file.getFileId());
                }
            });
            return reply((R) response.build());
        }

        private <R extends MessageLite> CompletableFuture<Reply<R>> reply(R message) {
            CompletableFuture<Reply<R>> answer = new CompletableFuture<>();
            if (answerAfterMs == 0) {
                answer.complete(new Reply<>(message, Unpooled.EMPTY_BUFFER));
            } else {
                Timer.Cancellation unused =
                        time.after(answerAfterMs, () -> answer.complete(new Reply<>(message, Unpooled.EMPTY_BUFFER)));
            }
            return answer;
        }
    }

    @BeforeEach
    void openSession() throws TractException {
        keeper.openSession();
    }

    private LeaseKeeper.FileLease open(FileId file) {
        LeaseKeeper.FileLease lease = keeper.opened(file, new Generation(1), time.monotonicMs());
        lease.track(stream, () -> {});
        return lease;
    }

    @Test
    void renewalsKeepTheLeaseAndCarryTheAcknowledgedLength() {
        LeaseKeeper.FileLease lease = open(FILE);
        time.advance(10 * LEASE_MS);
        assertThat(lease.isHeld()).isTrue();
        assertThat(leader.renewals).hasSizeGreaterThanOrEqualTo(20);
        assertThat(leader.renewals.get(0).getFiles(0).getLastSegmentLength()).isEqualTo(1_234);
        assertThat(leader.renewals.get(0).getFiles(0).getBlob()).isEqualTo(5);
    }

    @Test
    void b8TheLeaseCountsFromTheSendingOfTheRenewalNotFromItsAnswer() {
        LeaseKeeper.FileLease lease = open(FILE);
        leader.answerAfterMs = 10_000;
        time.advance(LEASE_MS / 3 + 10_000);
        leader.away = true;
        time.advance(LEASE_MS - 10_001);
        assertThat(lease.isHeld()).isTrue();
        time.advance(1);
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void b8PastItTheWriterPausesAndGoesOnWhenTheLeaderIsBack() throws Exception {
        LeaseKeeper.FileLease lease = open(FILE);
        leader.away = true;
        time.advance(10 * LEASE_MS);
        assertThat(lease.isHeld()).isFalse();
        Timer.Cancellation unused = time.after(10 * LEASE_MS, () -> leader.away = false);
        long before = time.monotonicMs();
        Object done = time.passWhile(() -> {
            lease.confirm();
            return null;
        });
        assertThat(done).isNull();
        assertThat(lease.isHeld()).isTrue();
        assertThat(time.monotonicMs() - before).isGreaterThanOrEqualTo(10 * LEASE_MS);
    }

    @Test
    void b8PastItTheWriterFailsIfAnotherTookTheFile() {
        LeaseKeeper.FileLease lease = open(FILE);
        leader.away = true;
        time.advance(2 * LEASE_MS);
        leader.away = false;
        leader.lost.add(FILE.value());
        assertThatThrownBy(() -> time.passWhile(() -> {
                    lease.confirm();
                    return null;
                }))
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_EXPIRED));
    }

    @Test
    void b8AFileThatWasOpenedLaterDoesNotLengthenTheLeaseOnAnEarlierOne() {
        LeaseKeeper.FileLease lease = open(FILE);
        leader.away = true;
        time.advance(LEASE_MS - 1);
        LeaseKeeper.FileLease later = open(OTHER);
        time.advance(1);
        assertThat(lease.isHeld()).isFalse();
        assertThat(later.isHeld()).isTrue();
    }

    @Test
    void aFileThatWasTakenIsLostAtTheNextRenewalAndTheOthersAreNot() {
        LeaseKeeper.FileLease lease = open(FILE);
        LeaseKeeper.FileLease other = open(OTHER);
        leader.lost.add(FILE.value());
        time.advance(LEASE_MS / 2);
        assertThat(lease.isHeld()).isFalse();
        assertThat(other.isHeld()).isTrue();
    }

    @Test
    void theEndOfTheSessionEndsThePause() {
        LeaseKeeper.FileLease lease = open(FILE);
        leader.away = true;
        time.advance(2 * LEASE_MS);
        keeper.close();
        assertThatThrownBy(() -> time.passWhile(() -> {
                    lease.confirm();
                    return null;
                }))
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_EXPIRED));
    }

    @Test
    void leavesNothingToDoWhenItIsClosed() {
        open(FILE);
        assertThat(time.hasTasks()).isTrue();
        keeper.close();
        assertThat(time.hasTasks()).isFalse();
    }
}
