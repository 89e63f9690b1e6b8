package io.tractfs.client.namespace;

import com.google.protobuf.MessageLite;
import io.tractfs.client.Defaults;
import io.tractfs.client.FileInfo;
import io.tractfs.client.RenameStyle;
import io.tractfs.client.SafeModeChange;
import io.tractfs.client.Space;
import io.tractfs.client.TreeSummary;
import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.transport.Futures;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.ClusterId;
import io.tractfs.wire.proto.AccessRequest;
import io.tractfs.wire.proto.AppendRequest;
import io.tractfs.wire.proto.ConcatRequest;
import io.tractfs.wire.proto.ContentSummaryRequest;
import io.tractfs.wire.proto.CreateRequest;
import io.tractfs.wire.proto.DeleteRequest;
import io.tractfs.wire.proto.EmptyResponse;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.GetStatusRequest;
import io.tractfs.wire.proto.ListRequest;
import io.tractfs.wire.proto.ListResponse;
import io.tractfs.wire.proto.MkdirsRequest;
import io.tractfs.wire.proto.RecoverLeaseRequest;
import io.tractfs.wire.proto.RenameMode;
import io.tractfs.wire.proto.RenameRequest;
import io.tractfs.wire.proto.SafeModeAction;
import io.tractfs.wire.proto.ServerDefaultsRequest;
import io.tractfs.wire.proto.SetOwnerRequest;
import io.tractfs.wire.proto.SetPermissionRequest;
import io.tractfs.wire.proto.SetReplicationRequest;
import io.tractfs.wire.proto.SetSafeModeRequest;
import io.tractfs.wire.proto.SetTimesRequest;
import io.tractfs.wire.proto.SpaceRequest;
import io.tractfs.wire.proto.TruncateRequest;
import io.tractfs.wire.proto.WalkRequest;
import io.tractfs.wire.proto.WalkResponse;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The calls of {@link io.tractfs.client.TractFsClient} that are one call to the metadata server. Those that change
 * something carry the session's id and one call id over all attempts. Thread-safe; calls wait.
 */
public final class NamespaceCalls {
    private static final int UUID_BYTES = 16;

    private final MetadataCalls calls;
    private final ClientId client;

    /** Calls of one session. */
    public NamespaceCalls(MetadataCalls calls, ClientId client) {
        this.calls = calls;
        this.client = client;
    }

    private <Q extends MessageLite, R extends MessageLite> R read(Method<Q, R> method, Q message)
            throws TractException {
        return Futures.await(calls.read(method, message));
    }

    private <Q extends MessageLite, R extends MessageLite> R mutate(Method<Q, R> method, Q message)
            throws TractException {
        return Futures.await(calls.mutate(method, message, client));
    }

    /** Status as the namespace has it; with segments if the file is to be opened. */
    public FileStatusMessage status(String path, boolean open) throws TractException {
        GetStatusRequest request =
                GetStatusRequest.newBuilder().setPath(path).setOpen(open).build();
        return read(Methods.GET_STATUS, request).getStatus();
    }

    /** One page as the namespace has it. */
    public CompletableFuture<ListResponse> list(String path, String startAfter, int limit, boolean segments) {
        return calls.read(
                Methods.LIST,
                ListRequest.newBuilder()
                        .setPath(path)
                        .setStartAfter(startAfter)
                        .setLimit(limit)
                        .setSegments(segments)
                        .build());
    }

    FileStatusMessage create(CreateRequest request) throws TractException {
        return mutate(Methods.CREATE, request).getStatus();
    }

    FileStatusMessage append(String path, boolean newSegment) throws TractException {
        AppendRequest request = AppendRequest.newBuilder()
                .setPath(path)
                .setNewSegment(newSegment)
                .build();
        return mutate(Methods.APPEND, request).getStatus();
    }

    /** Renames; false only in mode LEGACY. */
    public boolean rename(String source, String destination, RenameStyle style) throws TractException {
        RenameMode mode = switch (style) {
            case LEGACY -> RenameMode.RENAME_LEGACY;
            case STRICT -> RenameMode.RENAME_STRICT;
            case OVERWRITE -> RenameMode.RENAME_OVERWRITE;
        };
        RenameRequest request = RenameRequest.newBuilder()
                .setSource(source)
                .setDestination(destination)
                .setMode(mode)
                .build();
        return mutate(Methods.RENAME, request).getValue();
    }

    /** Deletes. */
    public boolean delete(String path, boolean recursive) throws TractException {
        DeleteRequest request =
                DeleteRequest.newBuilder().setPath(path).setRecursive(recursive).build();
        return mutate(Methods.DELETE, request).getValue();
    }

    /** Makes a directory. */
    public boolean mkdirs(String path, int permission, boolean createParent) throws TractException {
        MkdirsRequest request = MkdirsRequest.newBuilder()
                .setPath(path)
                .setPermission(permission)
                .setCreateParent(createParent)
                .build();
        return mutate(Methods.MKDIRS, request).getValue();
    }

    /** Sets permission bits. */
    public void setPermission(String path, int permission) throws TractException {
        EmptyResponse unused = mutate(
                Methods.SET_PERMISSION,
                SetPermissionRequest.newBuilder()
                        .setPath(path)
                        .setPermission(permission)
                        .build());
    }

    /** Sets owner or group. */
    public void setOwner(String path, @Nullable String owner, @Nullable String group) throws TractException {
        EmptyResponse unused = mutate(
                Methods.SET_OWNER,
                SetOwnerRequest.newBuilder()
                        .setPath(path)
                        .setOwner(owner == null ? "" : owner)
                        .setGroup(group == null ? "" : group)
                        .build());
    }

    /** Sets times. */
    public void setTimes(String path, long modificationMs, long accessMs) throws TractException {
        EmptyResponse unused = mutate(
                Methods.SET_TIMES,
                SetTimesRequest.newBuilder()
                        .setPath(path)
                        .setModificationMs(modificationMs)
                        .setAccessMs(accessMs)
                        .build());
    }

    /** Sets the replication of a file. */
    public boolean setReplication(String path, int replication) throws TractException {
        SetReplicationRequest request = SetReplicationRequest.newBuilder()
                .setPath(path)
                .setReplication(replication)
                .build();
        return mutate(Methods.SET_REPLICATION, request).getValue();
    }

    /** Shortens a closed file. */
    public boolean truncate(String path, long length) throws TractException {
        if (length < 0) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT, "Cannot truncate " + path + " to a length below 0: " + length);
        }
        TruncateRequest request =
                TruncateRequest.newBuilder().setPath(path).setLength(length).build();
        return mutate(Methods.TRUNCATE, request).getValue();
    }

    /** Moves the content of files to the end of another one. */
    public void concat(String target, List<String> sources) throws TractException {
        EmptyResponse unused = mutate(
                Methods.CONCAT,
                ConcatRequest.newBuilder()
                        .setTarget(target)
                        .addAllSources(sources)
                        .build());
    }

    /** Takes a file from its writer. */
    public boolean recoverLease(String path) throws TractException {
        RecoverLeaseRequest request =
                RecoverLeaseRequest.newBuilder().setPath(path).build();
        return mutate(Methods.RECOVER_LEASE, request).getValue();
    }

    /** Sums up a tree. */
    public TreeSummary contentSummary(String path) throws TractException {
        var answer = read(
                Methods.CONTENT_SUMMARY,
                ContentSummaryRequest.newBuilder().setPath(path).build());
        return new TreeSummary(
                answer.getLength(), answer.getFileCount(), answer.getDirectoryCount(), answer.getSpaceConsumed());
    }

    /** Checks access. */
    public void access(String path, int mode) throws TractException {
        EmptyResponse unused = read(
                Methods.ACCESS,
                AccessRequest.newBuilder().setPath(path).setMode(mode).build());
    }

    /** Asks for safe mode, or changes it. */
    public boolean safeMode(SafeModeChange change) throws TractException {
        SafeModeAction action = switch (change) {
            case NONE -> SafeModeAction.SAFE_MODE_GET;
            case ENTER -> SafeModeAction.SAFE_MODE_ENTER;
            case LEAVE -> SafeModeAction.SAFE_MODE_LEAVE;
        };
        return read(
                        Methods.SET_SAFE_MODE,
                        SetSafeModeRequest.newBuilder().setAction(action).build())
                .getValue();
    }

    /** The server's defaults. */
    public Defaults defaults() throws TractException {
        var answer = read(Methods.SERVER_DEFAULTS, ServerDefaultsRequest.getDefaultInstance());
        ByteBuffer id = answer.getClusterId().asReadOnlyByteBuffer();
        if (id.remaining() != UUID_BYTES) {
            throw new TractException(
                    ErrorCode.MALFORMED, "Cluster id of " + id.remaining() + " bytes, expected " + UUID_BYTES);
        }
        return new Defaults(
                new ClusterId(new UUID(id.getLong(), id.getLong())),
                answer.getBlockSize(),
                answer.getTractSize(),
                answer.getReplication(),
                answer.getTrashIntervalMinutes(),
                answer.getBytesPerChecksum(),
                answer.getSupergroup());
    }

    /**
     * A page of everything below a path. Immutable.
     *
     * @param superuser whether the caller is one
     */
    public record Walked(List<Visited> entries, boolean more, boolean superuser) {}

    /** A file or directory of a walk, the file with segments. Immutable. */
    public record Visited(String path, FileInfo status) {}

    /**
     * Walks.
     *
     * @param after path of the last entry of the page before; empty for the first page
     */
    public Walked walk(String path, String after, int limit) throws TractException {
        WalkRequest request = WalkRequest.newBuilder()
                .setPath(path)
                .setAfter(after)
                .setLimit(limit)
                .build();
        WalkResponse page = read(Methods.WALK, request);
        List<Visited> entries = new ArrayList<>(page.getEntriesCount());
        for (var entry : page.getEntriesList()) {
            entries.add(new Visited(entry.getPath(), StatusDecoder.info(entry.getStatus())));
        }
        return new Walked(entries, page.getMore(), page.getSuperuser());
    }

    /** Space of the cluster. */
    public Space space() throws TractException {
        var answer = read(Methods.SPACE, SpaceRequest.getDefaultInstance());
        return new Space(answer.getCapacity(), answer.getUsed(), answer.getRemaining());
    }
}
