package io.tractfs.client.namespace;

import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.write.OpenFile;
import io.tractfs.client.write.WriteTarget;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.wire.proto.AbandonRequest;
import io.tractfs.wire.proto.AddSegmentRequest;
import io.tractfs.wire.proto.CompleteRequest;
import io.tractfs.wire.proto.EmptyResponse;
import io.tractfs.wire.proto.StatusResponse;
import io.tractfs.wire.rpc.Methods;

/**
 * A file in writing, at the metadata server. Thread-safe.
 *
 * @param calls to the metadata server
 * @param client the session
 * @param id the file
 * @param generation of the writer
 */
record RemoteOpenFile(MetadataCalls calls, ClientId client, FileId id, Generation generation) implements OpenFile {
    @Override
    public WriteTarget addSegment(long endedLength) throws TractException {
        AddSegmentRequest request = AddSegmentRequest.newBuilder()
                .setFileId(id.value())
                .setGeneration(generation.value())
                .setEndedLength(endedLength)
                .build();
        return StatusDecoder.target(Futures.await(calls.mutate(Methods.ADD_SEGMENT, request, client))
                .getStatus());
    }

    @Override
    public void complete(long lastSegmentLength, boolean close) throws TractException {
        CompleteRequest request = CompleteRequest.newBuilder()
                .setFileId(id.value())
                .setGeneration(generation.value())
                .setLastSegmentLength(lastSegmentLength)
                .setClose(close)
                .build();
        StatusResponse unused = Futures.await(calls.mutate(Methods.COMPLETE, request, client));
    }

    @Override
    public void abandon(boolean deleteCreated) throws TractException {
        AbandonRequest request = AbandonRequest.newBuilder()
                .setFileId(id.value())
                .setGeneration(generation.value())
                .setDeleteCreated(deleteCreated)
                .build();
        EmptyResponse unused = Futures.await(calls.mutate(Methods.ABANDON, request, client));
    }
}
