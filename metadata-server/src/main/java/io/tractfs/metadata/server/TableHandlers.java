package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.table.TableSequence;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.ComplainRequest;
import io.tractfs.wire.proto.ComplainResponse;
import io.tractfs.wire.proto.GetTableRequest;
import io.tractfs.wire.proto.TableMessage;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import org.jspecify.annotations.Nullable;

/** The tract table for clients, and their complaints. Thread-safe. */
final class TableHandlers {
    /** Most rows of one complaint. */
    static final int MAX_ROWS = 4096;

    private final ServerParts parts;

    TableHandlers(ServerParts parts) {
        this.parts = parts;
    }

    void register(RpcServer.Builder builder) {
        builder.on(Methods.GET_TABLE, this::table);
        builder.on(Methods.COMPLAIN, this::complain);
    }

    private void table(Exchange<GetTableRequest, TableMessage> exchange) {
        exchange.body().release();
        @Nullable LeaderView leader = parts.view();
        if (leader == null) {
            exchange.fail(parts.notLeading());
            return;
        }
        parts.reads().answer(exchange, () -> TableCodec.encode(leader.table(), known(exchange.message())));
    }

    private static TableSequence known(GetTableRequest request) throws TractException {
        int epoch = request.getKnownEpoch();
        if (epoch < 0 || epoch > BlobId.MAX_EPOCH) {
            throw new TractException(ErrorCode.INVALID_ARGUMENT, "Epoch is 0 to " + BlobId.MAX_EPOCH);
        }
        return new TableSequence(new Epoch(epoch), request.getKnownChange());
    }

    /** A complaint that finds the queue full is dropped; a client that suffers complains again. */
    private void complain(Exchange<ComplainRequest, ComplainResponse> exchange) {
        exchange.body().release();
        ComplainRequest request = exchange.message();
        if (parts.view() == null) {
            exchange.fail(parts.notLeading());
            return;
        }
        try {
            if (request.getRowsCount() > MAX_ROWS) {
                throw new TractException(ErrorCode.TOO_LARGE, "A complaint is about at most " + MAX_ROWS + " rows");
            }
            parts.loop()
                    .offer(new Event.Complaint(
                            StoreCodec.decode(request.getMember()),
                            request.getRowsList(),
                            new RowVersion(request.getVersion()),
                            new RowVersion(request.getStoreVersion()),
                            isSilent(ErrorCode.ofNumber(request.getErrorCode()))));
        } catch (TractException e) {
            exchange.fail(e);
            return;
        }
        exchange.reply(ComplainResponse.getDefaultInstance());
    }

    /** Whether an error says that a member does not serve, rather than that client and store differ over a version. */
    private static boolean isSilent(ErrorCode code) {
        return switch (code) {
            case CONNECT_FAILED, CONNECTION_LOST, DEADLINE_EXCEEDED, DISK_FULL, STORE_FAILED, IO_ERROR -> true;
            default -> false;
        };
    }
}
