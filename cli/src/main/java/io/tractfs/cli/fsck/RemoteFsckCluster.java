package io.tractfs.cli.fsck;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.AskBlobsRequest;
import io.tractfs.wire.proto.AskBlobsResponse;
import io.tractfs.wire.proto.ListTractsRequest;
import io.tractfs.wire.proto.ListTractsResponse;
import io.tractfs.wire.proto.RepairRequest;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.proto.RowsRequest;
import io.tractfs.wire.proto.RowsResponse;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.proto.StoreReport;
import io.tractfs.wire.proto.TractKey;
import io.tractfs.wire.proto.WalkRequest;
import io.tractfs.wire.proto.WalkResponse;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cluster over the network. Confined to the command's thread. */
final class RemoteFsckCluster implements FsckCluster {
    private static final int PAGE_ENTRIES = 1_000;
    private static final int PAGE_ROWS = 4_096;
    private static final int PAGE_NAMES = 4_096;
    private static final int BLOBS_PER_CALL = 2_048;
    private static final int CHANGES_PER_CALL = 256;
    private static final int ID_LENGTH = 8;

    private final MetadataProxy metadata;
    private final StoreInspector inspector;

    RemoteFsckCluster(MetadataProxy metadata) {
        this.metadata = metadata;
        this.inspector = new StoreInspector(metadata);
    }

    @Override
    public Page walk(String path, String after) throws TractException {
        return walk(path, after, PAGE_ENTRIES);
    }

    private Page walk(String path, String after, int limit) throws TractException {
        WalkRequest request = WalkRequest.newBuilder()
                .setPath(path)
                .setAfter(after)
                .setLimit(limit)
                .build();
        WalkResponse response = metadata.callAgain(Methods.WALK, request);
        return new Page(
                response.getEntriesList().stream().map(CheckedFile::of).toList(),
                response.getMore(),
                response.getSuperuser());
    }

    @Override
    public Optional<CheckedFile> file(String path) throws TractException {
        try {
            return walk(path, "", 1).entries().stream()
                    .filter(entry -> !entry.directory())
                    .findFirst();
        } catch (TractException e) {
            return switch (e.code()) {
                // Of what is below a file by now, HDFS's words are that it may not be passed.
                case NOT_FOUND, PERMISSION_DENIED, PARENT_NOT_DIRECTORY -> Optional.empty();
                default -> throw e;
            };
        }
    }

    @Override
    public ClusterTable table() throws TractException {
        List<Row> rows = new ArrayList<>();
        Map<StoreId, StoreInfo> stores = new HashMap<>();
        int count;
        do {
            RowsResponse page = metadata.callAgain(
                    Methods.ROWS,
                    RowsRequest.newBuilder()
                            .setFromRow(rows.size())
                            .setLimit(PAGE_ROWS)
                            .build());
            for (RowMessage row : page.getRowsList()) {
                rows.add(RowCodec.decode(row));
            }
            for (StoreInfoMessage store : page.getStoresList()) {
                StoreInfo info = StoreCodec.decode(store);
                stores.put(info.ref().store(), info);
            }
            count = page.getRowsCount() == 0 ? 0 : page.getRowCount();
        } while (rows.size() < count);
        ReportResponse report = metadata.report(false);
        Map<StoreId, String> names = new HashMap<>();
        Map<StoreId, String> states = new HashMap<>();
        for (StoreReport store : report.getStoresList()) {
            StoreId id = IdCodec.store(store.getInfo().getRef().getStore());
            names.put(id, store.getInfo().getServer() + "/" + id.toString().substring(0, ID_LENGTH));
            states.put(id, store.getState());
        }
        return new ClusterTable(rows, stores, names, states, report.getInodeCount());
    }

    @Override
    public Map<StoreId, Map<TractId, CopyAnswer>> inspect(
            ClusterTable table, Map<StoreId, List<TractId>> asked, boolean verify) {
        return inspector.inspect(table, asked, verify);
    }

    @Override
    public Names names(StoreInfo store, @Nullable Place after) throws TractException {
        ListTractsRequest.Builder request = ListTractsRequest.newBuilder()
                .setRef(ref(store.ref().store()))
                .setBucket(after == null ? 0 : after.bucket())
                .setLimit(PAGE_NAMES);
        if (after != null && after.tract() != null) {
            request.setAfter(key(after.tract()));
        }
        ListTractsResponse response =
                metadata.call(new HostPort(store.host(), store.port()), Methods.LIST_TRACTS, request.build());
        List<TractId> tracts = new ArrayList<>(response.getTractsCount());
        for (TractKey key : response.getTractsList()) {
            tracts.add(new TractId(new BlobId(key.getBlob()), key.getIndex()));
        }
        return new Names(
                tracts,
                end(tracts, response.getBucket(), after),
                response.getMore(),
                response.getGarbageCursor(),
                response.getStraysList());
    }

    /** Where a page ends: after its last tract if that is in the bucket where it ends, else at that bucket's beginning. */
    private static Place end(List<TractId> tracts, int bucket, @Nullable Place before) {
        TractId last = tracts.isEmpty() ? null : tracts.get(tracts.size() - 1);
        if (last != null && StoreInspector.bucket(last) == bucket) {
            return new Place(bucket, last);
        }
        return before != null && before.bucket() == bucket ? before : new Place(bucket, null);
    }

    @Override
    public Alive alive(List<BlobId> blobs) throws TractException {
        List<Boolean> alive = new ArrayList<>(blobs.size());
        List<Integer> tracts = new ArrayList<>(blobs.size());
        long head = 0;
        for (int from = 0; from < blobs.size(); from += BLOBS_PER_CALL) {
            List<BlobId> some = blobs.subList(from, Math.min(blobs.size(), from + BLOBS_PER_CALL));
            AskBlobsRequest.Builder request = AskBlobsRequest.newBuilder().setEnds(true);
            some.forEach(blob -> request.addBlobs(blob.value()));
            AskBlobsResponse response = metadata.callAgain(Methods.ASK_BLOBS, request.build());
            if (response.getAliveCount() != some.size()) {
                throw new TractException(
                        ErrorCode.MALFORMED,
                        "asked about " + some.size() + " blobs, " + response.getAliveCount() + " answers came");
            }
            alive.addAll(response.getAliveList());
            for (int i = 0; i < some.size(); i++) {
                // As unsigned the largest number says that nobody knows, and so does a leader of an older release.
                int count = i < response.getEndsCount() ? response.getEnds(i).getTracts() : -1;
                tracts.add(count < 0 ? Integer.MAX_VALUE : count);
            }
            head = response.getGarbageHead();
        }
        return new Alive(alive, tracts, head);
    }

    @Override
    public void repair(StoreId store, Collection<Integer> rows) throws TractException {
        metadata.callAgain(
                Methods.REPAIR,
                RepairRequest.newBuilder().setRef(ref(store)).addAllRows(rows).build());
    }

    @Override
    public void cut(StoreId store, List<TractId> behindEnds) throws TractException {
        for (List<TractId> some : slices(behindEnds)) {
            RepairRequest.Builder request = RepairRequest.newBuilder().setRef(ref(store));
            some.forEach(tract -> request.addBehindEnds(key(tract)));
            metadata.callAgain(Methods.REPAIR, request.build());
        }
    }

    @Override
    public void remove(StoreId store, List<TractId> orphans, List<String> strays) throws TractException {
        for (List<TractId> some : slices(orphans)) {
            RepairRequest.Builder request = RepairRequest.newBuilder().setRef(ref(store));
            some.forEach(tract -> request.addOrphans(key(tract)));
            metadata.callAgain(Methods.REPAIR, request.build());
        }
        for (List<String> some : slices(strays)) {
            metadata.callAgain(
                    Methods.REPAIR,
                    RepairRequest.newBuilder()
                            .setRef(ref(store))
                            .addAllStrays(some)
                            .build());
        }
    }

    /** So small that a call ends in time though each change is synced, and below what a store takes in one. */
    static <T> List<List<T>> slices(List<T> all) {
        List<List<T>> slices = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHANGES_PER_CALL) {
            slices.add(all.subList(from, Math.min(all.size(), from + CHANGES_PER_CALL)));
        }
        return slices;
    }

    @Override
    public void pause(long ms) throws TractException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TractException(ErrorCode.SHUTTING_DOWN, "interrupted", e);
        }
    }

    static StoreRefMessage ref(StoreId store) {
        return StoreRefMessage.newBuilder().setStore(IdCodec.encode(store)).build();
    }

    static TractKey key(TractId tract) {
        return TractKey.newBuilder()
                .setBlob(tract.blob().value())
                .setIndex(tract.index())
                .build();
    }
}
