package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.AskBlobsRequest;
import io.tractfs.wire.proto.AskBlobsResponse;
import io.tractfs.wire.proto.BlobEnd;
import io.tractfs.wire.proto.GetGarbageRequest;
import io.tractfs.wire.proto.GetGarbageResponse;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    @Override
    public Map<BlobId, End> ends(List<BlobId> blobs) throws TractException, InterruptedException {
        AskBlobsResponse response = ask(blobs, AskBlobsRequest.newBuilder().setEnds(true));
        Map<BlobId, End> ends = new HashMap<>();
        // A leader of an older release does not say.
        for (int i = 0; i < response.getEndsCount(); i++) {
            BlobEnd end = response.getEnds(i);
            if (end.getTracts() >= 0 && end.getGeneration() > 0) {
                ends.put(blobs.get(i), new End(end.getTracts(), new Generation(end.getGeneration())));
            }
        }
        return ends;
    }

    private List<BlobId> answered(List<BlobId> blobs, boolean trashed, boolean alive)
            throws TractException, InterruptedException {
        AskBlobsResponse response = ask(blobs, AskBlobsRequest.newBuilder().setTrashed(trashed));
        List<BlobId> chosen = new ArrayList<>();
        for (int i = 0; i < blobs.size(); i++) {
            if (response.getAlive(i) == alive) {
                chosen.add(blobs.get(i));
            }
        }
        return chosen;
    }

    private AskBlobsResponse ask(List<BlobId> blobs, AskBlobsRequest.Builder request)
            throws TractException, InterruptedException {
        blobs.forEach(blob -> request.addBlobs(blob.value()));
        AskBlobsResponse response = proxy.call(leader, Methods.ASK_BLOBS, request.build(), TIMEOUT_MS);
        if (response.getAliveCount() != blobs.size() || response.getEndsCount() > blobs.size()) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "asked about " + blobs.size() + " blobs, " + response.getAliveCount() + " answers came");
        }
        return response;
    }
}
