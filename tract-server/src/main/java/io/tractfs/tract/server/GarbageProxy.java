package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.AskBlobsRequest;
import io.tractfs.wire.proto.AskBlobsResponse;
import io.tractfs.wire.proto.GetGarbageRequest;
import io.tractfs.wire.proto.GetGarbageResponse;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import java.util.ArrayList;
import java.util.List;

/**
 * The garbage log at the leader.
 *
 * @param proxy makes the calls
 * @param leader where it is
 * @param store that asks
 */
record GarbageProxy(MetadataProxy proxy, HostPort leader, StoreRef store) implements GarbageLog {
    private static final int PAGE = 1000;
    private static final long TIMEOUT_MS = 10_000;

    @Override
    public Page page(long after) throws TractException, InterruptedException {
        GetGarbageRequest request = GetGarbageRequest.newBuilder()
                .setRef(StoreCodec.encode(store))
                .setAfter(after)
                .setLimit(PAGE)
                .build();
        GetGarbageResponse response = proxy.call(leader, Methods.GET_GARBAGE, request, TIMEOUT_MS);
        return new Page(
                response.getEntriesList().stream()
                        .map(entry -> new Removed(entry.getSequence(), new BlobId(entry.getBlob())))
                        .toList(),
                response.getLogStart(),
                response.getHeld());
    }

    @Override
    public List<BlobId> unknown(List<BlobId> blobs) throws TractException, InterruptedException {
        return answered(blobs, false, false);
    }

    @Override
    public List<BlobId> wanted(List<BlobId> trashed) throws TractException, InterruptedException {
        return answered(trashed, true, true);
    }

    private List<BlobId> answered(List<BlobId> blobs, boolean trashed, boolean alive)
            throws TractException, InterruptedException {
        AskBlobsRequest.Builder request = AskBlobsRequest.newBuilder().setTrashed(trashed);
        blobs.forEach(blob -> request.addBlobs(blob.value()));
        AskBlobsResponse response = proxy.call(leader, Methods.ASK_BLOBS, request.build(), TIMEOUT_MS);
        if (response.getAliveCount() != blobs.size()) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "asked about " + blobs.size() + " blobs, " + response.getAliveCount() + " answers came");
        }
        List<BlobId> chosen = new ArrayList<>();
        for (int i = 0; i < blobs.size(); i++) {
            if (response.getAlive(i) == alive) {
                chosen.add(blobs.get(i));
            }
        }
        return chosen;
    }
}
