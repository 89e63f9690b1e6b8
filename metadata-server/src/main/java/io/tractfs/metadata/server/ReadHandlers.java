package io.tractfs.metadata.server;

import com.google.protobuf.UnsafeByteOperations;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.ContentSummary;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.FileStatusCodec;
import io.tractfs.metadata.namespace.Listing;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.permission.Access;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.wire.auth.Caller;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.AccessRequest;
import io.tractfs.wire.proto.ContentSummaryRequest;
import io.tractfs.wire.proto.ContentSummaryResponse;
import io.tractfs.wire.proto.EmptyResponse;
import io.tractfs.wire.proto.GetStatusRequest;
import io.tractfs.wire.proto.ListRequest;
import io.tractfs.wire.proto.ListResponse;
import io.tractfs.wire.proto.ServerDefaultsResponse;
import io.tractfs.wire.proto.SpaceResponse;
import io.tractfs.wire.proto.StatusResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RequestHandler;
import io.tractfs.wire.rpc.RpcServer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads: as whom, on a thread of the read pool, on one snapshot. Thread-safe. */
final class ReadHandlers {
    private static final int BYTES_PER_CHECKSUM = 512;

    /** Reads to which HDFS answers nothing where there is nothing; the error is made by its client. */
    private static final Set<String> MISSING_IS_FINE = Set.of("getfileinfo", "listStatus");

    private final NamespaceServices services;
    private final NamespaceReader reader;

    /** Handlers over the services. */
    ReadHandlers(NamespaceServices services) {
        this.services = services;
        this.reader = services.reader();
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(
                Methods.GET_STATUS,
                handler(audited(this::status, q -> q.getOpen() ? "open" : "getfileinfo", GetStatusRequest::getPath)));
        builder.on(Methods.LIST, handler(audited(this::list, q -> "listStatus", ListRequest::getPath)));
        builder.on(
                Methods.CONTENT_SUMMARY,
                handler(audited(this::contentSummary, q -> "contentSummary", ContentSummaryRequest::getPath)));
        builder.on(Methods.ACCESS, handler(audited(this::access, q -> "checkAccess", AccessRequest::getPath)));
        builder.on(Methods.SERVER_DEFAULTS, handler((caller, requester, request) -> defaults()));
        builder.on(Methods.SPACE, handler((caller, requester, request) -> space()));
    }

    /** One read as one user. */
    @FunctionalInterface
    private interface Read<Q, R> {
        R read(Caller caller, Requester requester, Q request) throws TractException;
    }

    /** One read that needs not know more of the caller than as whom he acts. */
    @FunctionalInterface
    private interface PlainRead<Q, R> {
        R read(Requester requester, Q request) throws TractException;
    }

    /** Tells the audit log of a read. */
    private <Q, R> Read<Q, R> audited(PlainRead<Q, R> read, Function<Q, String> command, Function<Q, String> path) {
        return (caller, requester, request) -> {
            String name = command.apply(request);
            try {
                R answer = read.read(requester, request);
                services.audit().read(caller, name, path.apply(request));
                return answer;
            } catch (TractException e) {
                services.audit().failed(caller, name, path.apply(request), e, MISSING_IS_FINE.contains(name));
                throw e;
            }
        };
    }

    private <Q, R> RequestHandler<Q, R> handler(Read<Q, R> read) {
        return exchange -> {
            exchange.body().release();
            Optional<TractException> refusal = services.gate().readRefusal();
            if (refusal.isPresent()) {
                exchange.fail(refusal.get());
                return;
            }
            services.requesters().resolve(exchange.caller()).whenComplete((requester, error) -> {
                if (error != null) {
                    exchange.fail(WriteHandlers.failure(error));
                } else {
                    run(exchange, requester, read);
                }
            });
        };
    }

    private <Q, R> void run(Exchange<Q, R> exchange, Requester requester, Read<Q, R> read) {
        services.reads()
                .answerLinearizable(
                        services.log(), exchange, () -> read.read(exchange.caller(), requester, exchange.message()));
    }

    private StatusResponse status(Requester requester, GetStatusRequest request) throws TractException {
        FileStatus status = request.getOpen()
                ? reader.open(requester, request.getPath())
                : reader.status(requester, request.getPath());
        if (request.getOpen() && services.gate().refusal().isEmpty()) {
            services.accessTimes().read(status, services.clock().wallMs());
        }
        return StatusResponse.newBuilder()
                .setStatus(FileStatusCodec.encode(status))
                .build();
    }

    private ListResponse list(Requester requester, ListRequest request) throws TractException {
        Listing page = reader.list(
                requester, request.getPath(), request.getStartAfter(), request.getLimit(), request.getSegments());
        return ListResponse.newBuilder()
                .setEntries(UnsafeByteOperations.unsafeWrap(page.encoded()))
                .setLast(page.last())
                .setMore(page.more())
                .build();
    }

    private ContentSummaryResponse contentSummary(Requester requester, ContentSummaryRequest request)
            throws TractException {
        ContentSummary sum = reader.contentSummary(requester, request.getPath());
        return ContentSummaryResponse.newBuilder()
                .setLength(sum.length())
                .setFileCount(sum.fileCount())
                .setDirectoryCount(sum.directoryCount())
                .setSpaceConsumed(sum.spaceConsumed())
                .build();
    }

    private EmptyResponse access(Requester requester, AccessRequest request) throws TractException {
        if (request.getMode() < 0 || request.getMode() > Access.ALL.bits()) {
            throw new TractException(ErrorCode.INVALID_ARGUMENT, "Access is 0 to 7, not " + request.getMode());
        }
        reader.checkAccess(requester, request.getPath(), new Access(request.getMode()));
        return EmptyResponse.getDefaultInstance();
    }

    private ServerDefaultsResponse defaults() throws TractException {
        ClusterLayout layout = services.state()
                .layout()
                .orElseThrow(() -> new TractException(ErrorCode.STARTING, "The cluster is not formatted yet"));
        FileDefaults defaults = layout.defaults();
        NamespaceConfig config = services.config();
        return ServerDefaultsResponse.newBuilder()
                .setBlockSize(defaults.blockSize())
                .setTractSize(defaults.tractSize())
                .setReplication(defaults.replication())
                .setTrashIntervalMinutes(config.trash().intervalMinutes())
                .setBytesPerChecksum(BYTES_PER_CHECKSUM)
                .setLeaseSoftMs(config.softLimit().toMillis())
                .setLeaseHardMs(config.hardLimit().toMillis())
                .setClusterId(IdCodec.encode(layout.cluster()))
                .setWindow(defaults.window())
                .setSupergroup(config.supergroup())
                .build();
    }

    private SpaceResponse space() {
        ClusterSpace.Sum sum = services.space().now();
        return SpaceResponse.newBuilder()
                .setCapacity(sum.capacity())
                .setUsed(sum.used())
                .setRemaining(sum.remaining())
                .build();
    }
}
