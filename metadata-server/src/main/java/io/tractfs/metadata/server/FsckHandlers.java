package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.namespace.FileStatusCodec;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.TreeWalk;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.RepairRequest;
import io.tractfs.wire.proto.RepairResponse;
import io.tractfs.wire.proto.RowsRequest;
import io.tractfs.wire.proto.RowsResponse;
import io.tractfs.wire.proto.WalkEntry;
import io.tractfs.wire.proto.WalkRequest;
import io.tractfs.wire.proto.WalkResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcServer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a check of the whole file system asks of the leader: pages of the namespace and of the table, and orders to
 * repair, which go to the stores. Thread-safe.
 */
final class FsckHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(FsckHandlers.class);

    /** Most rows of a page. */
    static final int MAX_ROWS = 4096;

    private static final long REPAIR_MS = 30_000;

    private final ServerParts parts;
    private final NamespaceReader reader;
    private final Requesters requesters;
    private final RpcClient stores;

    /**
     * Handlers.
     *
     * @param stores carries orders to tract servers
     */
    FsckHandlers(ServerParts parts, NamespaceReader reader, Requesters requesters, RpcClient stores) {
        this.parts = parts;
        this.reader = reader;
        this.requesters = requesters;
        this.stores = stores;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(
                Methods.WALK,
                exchange -> as(
                        exchange,
                        requester -> parts.reads()
                                .answerLinearizable(parts.log(), exchange, () -> walk(requester, exchange.message()))));
        builder.on(Methods.ROWS, this::rows);
        builder.on(Methods.REPAIR, exchange -> as(exchange, requester -> repair(requester, exchange)));
    }

    /** What a caller's call does once it is known who he is. */
    @FunctionalInterface
    private interface Call {
        void as(Requester requester) throws TractException;
    }

    private void as(Exchange<?, ?> exchange, Call call) {
        exchange.body().release();
        Optional<TractException> refusal = parts.gate().readRefusal();
        if (refusal.isPresent()) {
            exchange.fail(refusal.get());
            return;
        }
        requesters.resolve(exchange.caller()).whenComplete((requester, error) -> {
            if (error != null) {
                exchange.fail(WriteHandlers.failure(error));
                return;
            }
            try {
                call.as(requester);
            } catch (TractException e) {
                exchange.fail(e);
            }
        });
    }

    private WalkResponse walk(Requester requester, WalkRequest request) throws TractException {
        TreeWalk.Page page = reader.walk(requester, request.getPath(), request.getAfter(), request.getLimit());
        WalkResponse.Builder response =
                WalkResponse.newBuilder().setMore(page.more()).setSuperuser(requester.superuser());
        page.entries()
                .forEach(entry -> response.addEntries(WalkEntry.newBuilder()
                        .setPath(entry.path())
                        .setStatus(FileStatusCodec.encode(entry.status()))));
        return response.build();
    }

    private void rows(Exchange<RowsRequest, RowsResponse> exchange) {
        exchange.body().release();
        @Nullable LeaderView leader = parts.view();
        if (leader == null) {
            exchange.fail(parts.notLeading());
            return;
        }
        parts.reads().answer(exchange, () -> rows(leader, exchange.message()));
    }

    private static RowsResponse rows(LeaderView leader, RowsRequest request) throws TractException {
        TableImage image = leader.table().image();
        int count = image.rows().size();
        if (request.getFromRow() < 0 || request.getFromRow() >= count) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A row is 0 to " + (count - 1) + ", not " + Integer.toUnsignedString(request.getFromRow()));
        }
        int limit = request.getLimit() < 1 || request.getLimit() > MAX_ROWS ? MAX_ROWS : request.getLimit();
        List<Row> page = image.rows().subList(request.getFromRow(), Math.min(count, request.getFromRow() + limit));
        RowsResponse.Builder response =
                RowsResponse.newBuilder().setRowCount(count).setColumnCount(image.columns());
        page.forEach(row -> response.addRows(RowCodec.encode(row)));
        leader.stores().values().forEach(store -> response.addStores(StoreCodec.encode(store)));
        return response.build();
    }

    private static void requireSuperuser(Requester requester, String what) throws TractException {
        if (!requester.superuser()) {
            throw new TractException(
                    ErrorCode.PERMISSION_DENIED,
                    "Access denied for user " + requester.user() + ". Superuser privilege is required to " + what);
        }
    }

    private void repair(Requester requester, Exchange<RepairRequest, RepairResponse> exchange) throws TractException {
        RepairRequest request = exchange.message();
        requireSuperuser(requester, "repair");
        StoreId store = IdCodec.store(request.getRef().getStore());
        @Nullable LeaderView leader = parts.view();
        @Nullable StoreInfo info = leader == null ? null : leader.stores().get(store);
        if (info == null) {
            throw new TractException(
                    ErrorCode.UNKNOWN_STORE, "Store " + store + " is not registered with this leader at present");
        }
        LOG.info(
                "event=repair-ordered store={} rows={} orphans={} strays={} behind-ends={} by={}",
                info.ref(),
                request.getRowsCount(),
                request.getOrphansCount(),
                request.getStraysCount(),
                request.getBehindEndsCount(),
                requester.user());
        stores.call(
                        new HostPort(info.host(), info.port()),
                        Methods.REPAIR_STORE,
                        request,
                        Body.NONE,
                        CallOptions.timeout(REPAIR_MS))
                .whenComplete((reply, error) -> {
                    if (error != null) {
                        exchange.fail(WriteHandlers.failure(error));
                        return;
                    }
                    try (reply) {
                        exchange.reply(reply.message());
                    }
                });
    }
}
