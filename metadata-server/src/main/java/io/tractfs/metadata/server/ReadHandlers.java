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
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Reads: as whom, on one snapshot, on a thread of the read pool unless it is quick. Thread-safe. */
final class ReadHandlers {
    private static final int BYTES_PER_CHECKSUM = 512;

    /** Reads to which HDFS answers nothing where there is nothing; the error is made by its client. */
    private static final Set<String> MISSING_IS_FINE = Set.of("getfileinfo", "listStatus");

    private final NamespaceServices services;
    private final NamespaceReader memory;

    /** Handlers over the services. */
    ReadHandlers(NamespaceServices services) {
        this.services = services;
        this.memory = services.reader().inMemory();
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(
                Methods.GET_STATUS,
                quick(audited(this::status, q -> q.getOpen() ? "open" : "getfileinfo", GetStatusRequest::getPath)));
        builder.on(Methods.LIST, handler(audited(ReadHandlers::list, q -> "listStatus", ListRequest::getPath)));
        builder.on(
                Methods.CONTENT_SUMMARY,
                handler(audited(ReadHandlers::contentSummary, q -> "contentSummary", ContentSummaryRequest::getPath)));
        builder.on(Methods.ACCESS, quick(audited(ReadHandlers::access, q -> "checkAccess", AccessRequest::getPath)));
        builder.on(Methods.SERVER_DEFAULTS, handler((reader, caller, requester, request) -> defaults()));
        builder.on(Methods.SPACE, handler((reader, caller, requester, request) -> space()));
    }

    /** One read as one user. */
    @FunctionalInterface
    private interface Read<Q, R> {
        R read(NamespaceReader reader, Caller caller, Requester requester, Q request) throws TractException;
    }

    /** One read that needs not know more of the caller than as whom he acts. */
    @FunctionalInterface
    private interface PlainRead<Q, R> {
        R read(NamespaceReader reader, Requester requester, Q request) throws TractException;
    }

    /** Tells the audit log of a read. */
    private <Q, R> Read<Q, R> audited(PlainRead<Q, R> read, Function<Q, String> command, Function<Q, String> path) {
        return (reader, caller, requester, request) -> {
            String name = command.apply(request);
            try {
                R answer = read.read(reader, requester, request);
                services.audit().read(caller, name, path.apply(request));
                return answer;
            } catch (TractException e) {
                services.audit().failed(caller, name, path.apply(request), e, MISSING_IS_FINE.contains(name));
                throw e;
            }
        };
    }

    /** Serves a read of any length on a thread of the pool. */
    private <Q, R> RequestHandler<Q, R> handler(Read<Q, R> read) {
        return resolved((exchange, requester) -> services.reads()
                .answerLinearizable(
                        services.log(),
                        exchange,
                        () -> read.read(services.reader(), exchange.caller(), requester, exchange.message())));
    }

    /**
     * Serves a read of a few values at once, in the thread that it came on, unless it would have to wait for the disk: two
     * threads less to wake up for each.
     */
    private <Q, R> RequestHandler<Q, R> quick(Read<Q, R> read) {
        return resolved((exchange, requester) -> services.reads()
                .answerAtOnce(
                        services.log(),
                        exchange,
                        () -> read.read(memory, exchange.caller(), requester, exchange.message()),
                        () -> read.read(services.reader(), exchange.caller(), requester, exchange.message())));
    }

    private <Q, R> RequestHandler<Q, R> resolved(BiConsumer<Exchange<Q, R>, Requester> next) {
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
                    next.accept(exchange, requester);
                }
            });
        };
    }

    private StatusResponse status(NamespaceReader reader, Requester requester, GetStatusRequest request)
            throws TractException {
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

    private static ListResponse list(NamespaceReader reader, Requester requester, ListRequest request)
            throws TractException {
        Listing page = reader.list(
                requester, request.getPath(), request.getStartAfter(), request.getLimit(), request.getSegments());
        return ListResponse.newBuilder()
                .setEntries(UnsafeByteOperations.unsafeWrap(page.encoded()))
                .setLast(page.last())
                .setMore(page.more())
                .build();
    }

    private static ContentSummaryResponse contentSummary(
            NamespaceReader reader, Requester requester, ContentSummaryRequest request) throws TractException {
        ContentSummary sum = reader.contentSummary(requester, request.getPath());
        return ContentSummaryResponse.newBuilder()
                .setLength(sum.length())
                .setFileCount(sum.fileCount())
                .setDirectoryCount(sum.directoryCount())
                .setSpaceConsumed(sum.spaceConsumed())
                .build();
    }

    private static EmptyResponse access(NamespaceReader reader, Requester requester, AccessRequest request)
            throws TractException {
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
