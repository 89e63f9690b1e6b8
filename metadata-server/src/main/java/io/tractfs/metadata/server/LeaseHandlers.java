package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.wire.proto.AcknowledgedLength;
import io.tractfs.wire.proto.OpenSessionResponse;
import io.tractfs.wire.proto.RenewLeaseRequest;
import io.tractfs.wire.proto.RenewLeaseResponse;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RequestHandler;
import io.tractfs.wire.rpc.RpcServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sessions and the renewal of their leases. A lease lasts for the soft limit, since after that another client may take
 * the file; the writer counts it from the sending of its renewal, the server from its arrival, which is later (P23).
 * Thread-safe.
 */
final class LeaseHandlers {
    private final NamespaceServices services;

    /** Handlers over the services. */
    LeaseHandlers(NamespaceServices services) {
        this.services = services;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(
                Methods.OPEN_SESSION,
                handler((session, request) -> OpenSessionResponse.newBuilder()
                        .setLeaseMs(leaseMs())
                        .setTimeMs(Math.max(
                                services.clock().wallMs(), services.state().timeMs()))
                        .build()));
        builder.on(Methods.RENEW_LEASE, handler(this::renew));
    }

    /** A call of one session. */
    @FunctionalInterface
    private interface SessionCall<Q, R> {
        R answer(ClientId session, Q request);
    }

    private <Q, R> RequestHandler<Q, R> handler(SessionCall<Q, R> call) {
        return exchange -> {
            exchange.body().release();
            Optional<TractException> refusal = services.gate().readRefusal();
            if (refusal.isPresent()) {
                exchange.fail(refusal.get());
            } else if (!exchange.caller().hasClient()) {
                exchange.fail(new TractException(ErrorCode.INVALID_ARGUMENT, "The call needs a client session"));
            } else {
                ClientId session = exchange.caller().clientId();
                services.leases().renew(session, services.clock().nanoTime());
                services.reads()
                        .answerLinearizable(services.log(), exchange, () -> call.answer(session, exchange.message()));
            }
        };
    }

    private RenewLeaseResponse renew(ClientId session, RenewLeaseRequest request) {
        RenewLeaseResponse.Builder response = RenewLeaseResponse.newBuilder().setLeaseMs(leaseMs());
        List<LeaseClock.Acknowledged> files = new ArrayList<>(request.getFilesCount());
        for (AcknowledgedLength file : request.getFilesList()) {
            if (file.getFileId() > 0 && file.getGeneration() > 0) {
                files.add(new LeaseClock.Acknowledged(
                        new FileId(file.getFileId()),
                        new Generation(file.getGeneration()),
                        new BlobId(file.getBlob()),
                        Math.max(0, file.getLastSegmentLength())));
            } else {
                response.addLostFiles(file.getFileId());
            }
        }
        services.monitor().renew(session, files).forEach(lost -> response.addLostFiles(lost.value()));
        return response.build();
    }

    private long leaseMs() {
        return TimeUnit.NANOSECONDS.toMillis(services.leases().softNanos());
    }
}
