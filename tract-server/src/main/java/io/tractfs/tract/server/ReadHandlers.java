package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.gate.RowAdmission;
import io.tractfs.tract.gate.Verdict;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractSlice;
import io.tractfs.tract.store.TractState;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.proto.ListDamageRequest;
import io.tractfs.wire.proto.ListDamageResponse;
import io.tractfs.wire.proto.ListRowRequest;
import io.tractfs.wire.proto.ListRowResponse;
import io.tractfs.wire.proto.ReadTractRequest;
import io.tractfs.wire.proto.ReadTractResponse;
import io.tractfs.wire.proto.ReportDamageRequest;
import io.tractfs.wire.proto.ReportDamageResponse;
import io.tractfs.wire.proto.TailRequest;
import io.tractfs.wire.proto.TailResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves what reads tracts, on the store's read threads. Thread-safe. */
final class ReadHandlers {
    private static final int MAX_READ_BYTES = 8 << 20;
    private static final int MAX_LIST_ENTRIES = 1024;

    private final Stores stores;
    private final Layout layout;
    private final Calls calls;
    private final TractServerMetrics metrics;

    ReadHandlers(Stores stores, Layout layout, Calls calls, TractServerMetrics metrics) {
        this.stores = stores;
        this.layout = layout;
        this.calls = calls;
        this.metrics = metrics;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder server) {
        server.on(
                Methods.READ_TRACT,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = isFree(exchange.message())
                            ? TractTarget.ofClosed(exchange.message().getAddress(), stores, layout)
                            : TractTarget.of(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().readers(), () -> read(exchange, target));
                }));
        server.on(
                Methods.TAIL,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = TractTarget.of(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().readers(), () -> tail(exchange, target));
                }));
        server.on(
                Methods.LIST_ROW,
                exchange -> calls.serve(exchange, run -> {
                    ServedStore store = stores.of(exchange.message().getRef());
                    requireNothingRemoved(store);
                    run.on(store.threads().readers(), () -> list(exchange, store));
                }));
        server.on(
                Methods.LIST_DAMAGE,
                exchange -> calls.serve(exchange, run -> {
                    ServedStore store = stores.of(exchange.message().getRef());
                    run.on(store.threads().readers(), () -> listDamage(exchange, store));
                }));
        server.on(
                Methods.REPORT_DAMAGE,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = TractTarget.ofClosed(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().readers(), () -> damage(exchange, target));
                }));
    }

    /** What was removed while the store was away must not come to life on others (P32). */
    private static void requireNothingRemoved(ServedStore store) throws TractException {
        if (store.garbage().mustAsk()) {
            throw new TractException(
                    ErrorCode.STARTING,
                    "store " + store.ref()
                            + " was away for longer than the garbage log reaches back and has yet to ask which"
                            + " of its blobs are alive");
        }
    }

    private static void listDamage(Exchange<ListDamageRequest, ListDamageResponse> exchange, ServedStore store)
            throws TractException {
        ListDamageRequest request = exchange.message();
        int limit = Math.max(1, Math.min(request.getLimit(), MAX_LIST_ENTRIES));
        @Nullable TractId after = request.hasAfter() ? TractEntries.tract(request.getAfter()) : null;
        List<TractState> damaged = store.tracts().damaged(after, limit);
        ListDamageResponse.Builder response = ListDamageResponse.newBuilder().setMore(damaged.size() == limit);
        damaged.forEach(state -> response.addTracts(TractEntries.encode(state)));
        exchange.reply(response.build());
    }

    /** Whether the bytes cannot change, so that the version does not matter (P14). */
    private static boolean isFree(ReadTractRequest request) {
        return request.getClosed() || request.getReconcile();
    }

    private void read(Exchange<ReadTractRequest, ReadTractResponse> exchange, TractTarget target)
            throws TractException {
        ReadTractRequest request = exchange.message();
        if (request.getOffset() < 0 || request.getLength() < 0 || request.getLength() > MAX_READ_BYTES) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "a read is of at most " + MAX_READ_BYTES + " bytes, not of " + request.getLength() + " at "
                            + request.getOffset());
        }
        try (Admission admission = target.admit(isFree(request) ? Need.CLOSED_READ : Need.TAIL, 0)) {
            TractSlice slice = open(target, admission, request.getOffset(), request.getLength());
            metrics.read(slice.dataLength());
            ReadTractResponse response = ReadTractResponse.newBuilder()
                    .setDataOffset(slice.dataOffset())
                    .setDataLength(slice.dataLength())
                    .setTractLength(slice.tractLength())
                    .setVersion(admission.version().value())
                    .build();
            if (slice.dataLength() == 0) {
                slice.close();
                exchange.reply(response);
            } else {
                exchange.reply(response, SliceRegion.body(slice));
            }
        }
    }

    /** A recovering member refuses what it has not got, a holder says that there is nothing. */
    static TractSlice open(TractTarget target, Admission admission, int offset, int length) throws TractException {
        try {
            return target.store().tracts().read(target.tract(), offset, length);
        } catch (TractException e) {
            if (e.code() == ErrorCode.DAMAGED) {
                target.store().reconciler().heal(target.row());
            }
            if (e.code() == ErrorCode.TRACT_NOT_FOUND
                    && !admission.isInSync(target.store().ref().store())) {
                throw new TractException(
                        ErrorCode.RECOVERING,
                        "store " + target.store().ref() + " does not hold row " + target.row()
                                + " whole, and has not got " + target.tract(),
                        admission.version(),
                        e);
            }
            throw e;
        }
    }

    private void tail(Exchange<TailRequest, TailResponse> exchange, TractTarget target) throws TractException {
        try (Admission admission = target.admit(Need.TAIL, 0)) {
            Optional<TractState> state = target.store().tracts().state(target.tract());
            exchange.reply(
                    state.isPresent()
                            ? Tails.of(
                                    state.get(),
                                    target,
                                    admission.isHolder(state.get().replication()))
                            : Tails.absent(target, isHolder(exchange.message().getReplication(), target, admission)));
        }
    }

    /** A member may hold the tract's class whole though it is recovering in others: then nobody ever wrote to the tract here. */
    private static boolean isHolder(int replication, TractTarget target, Admission admission) {
        return replication > 0
                ? admission.isHolder(replication)
                : admission.isInSync(target.store().ref().store());
    }

    private void list(Exchange<ListRowRequest, ListRowResponse> exchange, ServedStore store) throws TractException {
        ListRowRequest request = exchange.message();
        ClassSet classes = RowCodec.classes(request.getClasses());
        RowVersion version = new RowVersion(request.getVersion());
        RowAdmission gate = store.admissions().of(request.getRow());
        try (Admission admission = gate.admitList(version, classes)) {
            if (admission.verdict() != Verdict.ADMIT) {
                throw new TractException(
                        admission.verdict().code(),
                        "list of row " + request.getRow() + ": " + admission.verdict(),
                        admission.version(),
                        null);
            }
            // Looked up first: what is merged by then is in the page.
            boolean merging = store.control().isMerging(request.getRow());
            exchange.reply(page(request, store, classes, gate.held())
                    .setMerging(merging)
                    .build());
        }
    }

    /**
     * A page that is empty only at the end, though tracts of other classes are passed over; what cannot be read may be of any
     * class.
     */
    private static ListRowResponse.Builder page(
            ListRowRequest request, ServedStore store, ClassSet classes, @Nullable HeldRow held) throws TractException {
        int limit = Math.max(1, Math.min(request.getLimit(), MAX_LIST_ENTRIES));
        @Nullable TractId after = request.hasAfter() ? TractEntries.tract(request.getAfter()) : null;
        ListRowResponse.Builder response = ListRowResponse.newBuilder().setVersion(request.getVersion());
        boolean more = true;
        while (more && response.getTractsCount() == 0) {
            List<TractState> listed = store.tracts().list(request.getRow(), after, limit);
            for (TractState state : listed) {
                after = state.tract();
                boolean wanted = held != null && state.belongsTo(classes, held.row());
                if (wanted || state.isUnreadable()) {
                    response.addTracts(TractEntries.encode(state));
                }
            }
            more = listed.size() == limit;
        }
        return response.setMore(more);
    }

    private void damage(Exchange<ReportDamageRequest, ReportDamageResponse> exchange, TractTarget target)
            throws TractException {
        boolean damaged = isDamaged(target);
        if (damaged) {
            target.store().reconciler().heal(target.row());
        }
        exchange.reply(ReportDamageResponse.newBuilder().setDamaged(damaged).build());
    }

    private static boolean isDamaged(TractTarget target) throws TractException {
        try {
            return !target.store().tracts().verify(target.tract()).damaged().isEmpty();
        } catch (TractException e) {
            if (e.code() == ErrorCode.DAMAGED) {
                return true;
            }
            throw e;
        }
    }
}
