package io.tractfs.client;

import com.google.protobuf.MessageLite;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.RowHash;
import io.tractfs.wire.proto.*;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Files, leases, the retry cache and the table, in memory. A complaint about a store is believed at once: its rows get
 * another member, which has everything as soon as the plan is published. Not thread-safe.
 */
final class InMemoryMetadata {
    static final int FIRST_PORT = 100;
    static final int ROWS = 8;
    static final int COLUMNS = 3;
    static final int TRACT = 4096;
    static final long LEASE_MS = 60_000;

    final List<InMemoryStore> stores = new ArrayList<>();
    final Map<String, FileStatusMessage> files = new HashMap<>();
    final Map<String, MessageLite> retryCache = new HashMap<>();
    final int[][] rows = new int[ROWS][COLUMNS];
    final boolean[] frozen = new boolean[ROWS];
    final List<ComplainRequest> complaints = new ArrayList<>();
    final List<RenewLeaseRequest> renewals = new ArrayList<>();
    boolean leaseLost;
    /** Where stores listen, by number. */
    IntFunction<HostPort> addresses = store -> new HostPort("host" + store, FIRST_PORT + store);

    private final long[] versions = new long[ROWS];
    private int counter = 1;
    private long change = 1;
    private long nextId = 2;

    InMemoryMetadata() {
        for (int i = 0; i < 5; i++) {
            stores.add(new InMemoryStore());
        }
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                rows[row][column] = (row + column) % stores.size();
            }
            publish(row);
        }
    }

    private void publish(int row) {
        RowVersion version = RowVersion.of(new Epoch(1), counter++);
        versions[row] = version.value();
        change++;
        for (int store : rows[row]) {
            stores.get(store).versions.put(row, version);
        }
    }

    /** Freezes a row, or thaws it. */
    void freeze(int row, boolean nowFrozen) {
        frozen[row] = nowFrozen;
        publish(row);
    }

    MessageLite handle(MessageLite message, CallOptions options) throws TractException {
        String call = options.clientId() + "/" + options.callId();
        boolean named = options.callId() != 0;
        MessageLite remembered = retryCache.get(call);
        if (named && remembered != null) {
            return remembered;
        }
        MessageLite answer = carryOut(message);
        if (named) {
            retryCache.put(call, answer);
        }
        return answer;
    }

    private MessageLite carryOut(MessageLite message) throws TractException {
        if (message instanceof OpenSessionRequest) {
            return OpenSessionResponse.newBuilder()
                    .setLeaseMs(LEASE_MS)
                    .setTimeMs(1_700_000_000_000L)
                    .build();
        } else if (message instanceof RenewLeaseRequest renewal) {
            return renew(renewal);
        } else if (message instanceof GetTableRequest) {
            return table();
        } else if (message instanceof ComplainRequest complaint) {
            return complain(complaint);
        } else if (message instanceof CreateRequest create) {
            return create(create);
        } else if (message instanceof AppendRequest append) {
            return append(append);
        } else if (message instanceof AddSegmentRequest add) {
            return addSegment(add);
        } else if (message instanceof CompleteRequest complete) {
            return complete(complete);
        } else if (message instanceof GetStatusRequest status) {
            return StatusResponse.newBuilder().setStatus(file(status.getPath())).build();
        } else if (message instanceof MkdirsRequest) {
            return BoolResponse.newBuilder().setValue(true).build();
        } else if (message instanceof AbandonRequest abandon) {
            files.values().removeIf(file -> file.getFileId() == abandon.getFileId() && abandon.getDeleteCreated());
            return EmptyResponse.getDefaultInstance();
        }
        throw new TractException(ErrorCode.UNKNOWN_METHOD, message.getClass().getName());
    }

    private RenewLeaseResponse renew(RenewLeaseRequest renewal) {
        renewals.add(renewal);
        RenewLeaseResponse.Builder answer = RenewLeaseResponse.newBuilder().setLeaseMs(LEASE_MS);
        if (leaseLost) {
            renewal.getFilesList().forEach(file -> answer.addLostFiles(file.getFileId()));
        }
        return answer.build();
    }

    private TableMessage table() {
        TableMessage.Builder table = TableMessage.newBuilder()
                .setClusterId(InMemoryServers.bytes(new UUID(1, 1)))
                .setEpoch(1)
                .setChange(change)
                .setRowCount(ROWS)
                .setColumnCount(COLUMNS)
                .setFull(true);
        for (int store = 0; store < stores.size(); store++) {
            table.addStores(StoreInfoMessage.newBuilder()
                    .setRef(ref(store))
                    .setServer("tract-" + store)
                    .setHost(addresses.apply(store).host())
                    .setPort(addresses.apply(store).port())
                    .setDomain("/rack"));
        }
        for (int row = 0; row < ROWS; row++) {
            CompactRowMessage.Builder compact =
                    CompactRowMessage.newBuilder().setIndex(row).setVersion(versions[row]);
            for (int column = 0; column < COLUMNS; column++) {
                compact.addStores(rows[row][column] + 1)
                        .addHeld(ClassSet.ofColumn(column, COLUMNS).bits());
            }
            table.addRows(compact.setFrozen(frozen[row] ? 7 : 0));
        }
        return table.build();
    }

    private static StoreRefMessage ref(int store) {
        return StoreRefMessage.newBuilder()
                .setStore(InMemoryServers.bytes(new UUID(2, store)))
                .setIncarnation(1)
                .build();
    }

    private ComplainResponse complain(ComplainRequest complaint) {
        complaints.add(complaint);
        for (int store = 0; store < stores.size(); store++) {
            if (ref(store).equals(complaint.getMember())) {
                replace(store);
            }
        }
        return ComplainResponse.getDefaultInstance();
    }

    private void replace(int victim) {
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                if (rows[row][column] == victim) {
                    rows[row][column] = spare(row);
                    fill(row, stores.get(rows[row][column]), stores.get(rows[row][(column + 1) % COLUMNS]));
                    publish(row);
                }
            }
        }
    }

    private int spare(int row) {
        for (int store = stores.size() - 1; ; store--) {
            int candidate = store;
            if (java.util.Arrays.stream(rows[row]).noneMatch(member -> member == candidate)) {
                return candidate;
            }
        }
    }

    private static void fill(int row, InMemoryStore target, InMemoryStore source) {
        source.tracts.forEach((tract, held) -> {
            if (rowOf(tract) == row) {
                target.tracts.put(tract, held.copy());
            }
        });
    }

    static int rowOf(TractId tract) {
        return RowHash.rowOf(tract, ROWS);
    }

    FileStatusMessage file(String path) throws TractException {
        FileStatusMessage file = files.get(path);
        if (file == null) {
            throw new TractException(ErrorCode.NOT_FOUND, "File does not exist: " + path);
        }
        return file;
    }

    private SegmentMessage segment() {
        return SegmentMessage.newBuilder()
                .setBlob(BlobId.of(new Epoch(1), nextId++).value())
                .setTractSize(TRACT)
                .setReplication(3)
                .build();
    }

    private OpenForWriteResponse create(CreateRequest create) throws TractException {
        if (files.containsKey(create.getPath()) && !create.getOverwrite()) {
            throw new TractException(ErrorCode.ALREADY_EXISTS, create.getPath());
        }
        FileStatusMessage file = FileStatusMessage.newBuilder()
                .setFileId(nextId++)
                .setPermission(create.getPermission())
                .setReplication(3)
                .setBlockSize(create.getBlockSize() == 0 ? 2L * TRACT : create.getBlockSize())
                .setOpen(true)
                .setWindow(2)
                .setGeneration(1)
                .addSegments(segment())
                .build();
        return opened(create.getPath(), file);
    }

    private OpenForWriteResponse append(AppendRequest append) throws TractException {
        FileStatusMessage file = file(append.getPath());
        FileStatusMessage.Builder opened = file.toBuilder().setOpen(true).setGeneration(file.getGeneration() + 1);
        if (append.getNewSegment()) {
            opened.addSegments(segment());
        }
        return opened(append.getPath(), opened.build());
    }

    private OpenForWriteResponse opened(String path, FileStatusMessage file) {
        files.put(path, file);
        return OpenForWriteResponse.newBuilder().setStatus(file).build();
    }

    private OpenForWriteResponse addSegment(AddSegmentRequest add) throws TractException {
        String path = path(add.getFileId());
        FileStatusMessage file = ended(file(path), add.getEndedLength());
        return opened(path, file.toBuilder().addSegments(segment()).build());
    }

    private StatusResponse complete(CompleteRequest complete) throws TractException {
        String path = path(complete.getFileId());
        FileStatusMessage file = ended(file(path), complete.getLastSegmentLength()).toBuilder()
                .setOpen(!complete.getClose())
                .build();
        files.put(path, file);
        return StatusResponse.newBuilder().setStatus(file).build();
    }

    private static FileStatusMessage ended(FileStatusMessage file, long length) {
        int last = file.getSegmentsCount() - 1;
        FileStatusMessage.Builder changed = file.toBuilder()
                .setSegments(last, file.getSegments(last).toBuilder().setLength(length));
        long total = 0;
        for (SegmentMessage segment : changed.getSegmentsList()) {
            total += segment.getLength();
        }
        return changed.setLength(total).build();
    }

    private String path(long id) throws TractException {
        for (Map.Entry<String, FileStatusMessage> entry : files.entrySet()) {
            if (entry.getValue().getFileId() == id) {
                return entry.getKey();
            }
        }
        throw new TractException(ErrorCode.NOT_FOUND, "file " + id);
    }

    /** The stores of a tract, in order of columns; for tests that break them. */
    int[] members(@Nullable TractId tract) {
        return rows[tract == null ? 0 : rowOf(tract)].clone();
    }
}
