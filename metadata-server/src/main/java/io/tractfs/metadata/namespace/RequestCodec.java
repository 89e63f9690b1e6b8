package io.tractfs.metadata.namespace;

import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.wire.proto.AbandonRequest;
import io.tractfs.wire.proto.AddSegmentRequest;
import io.tractfs.wire.proto.AppendRequest;
import io.tractfs.wire.proto.CompleteRequest;
import io.tractfs.wire.proto.ConcatRequest;
import io.tractfs.wire.proto.CreateRequest;
import io.tractfs.wire.proto.DeleteRequest;
import io.tractfs.wire.proto.MkdirsRequest;
import io.tractfs.wire.proto.RecoverLeaseRequest;
import io.tractfs.wire.proto.RenameMode;
import io.tractfs.wire.proto.RenameRequest;
import io.tractfs.wire.proto.SetOwnerRequest;
import io.tractfs.wire.proto.SetPermissionRequest;
import io.tractfs.wire.proto.SetReplicationRequest;
import io.tractfs.wire.proto.SetTimesRequest;
import io.tractfs.wire.proto.TruncateRequest;

/**
 * Requests of clients as commands. Numbers that are out of range become values that the rules refuse, so that reading
 * never fails. Immutable.
 */
public final class RequestCodec {
    private RequestCodec() {}

    /** Reads a create. */
    public static FileCommand decode(CreateRequest request) {
        return new FileCommand.Create(
                request.getPath(),
                request.getPermission(),
                request.getOverwrite(),
                request.getCreateParent(),
                request.getMustExist(),
                request.getReplication(),
                request.getBlockSize(),
                request.getTractSize(),
                request.getWindow());
    }

    /** Reads an append. */
    public static FileCommand decode(AppendRequest request) {
        return new FileCommand.Append(request.getPath(), request.getNewSegment());
    }

    /** Reads an added segment. */
    public static FileCommand decode(AddSegmentRequest request) {
        return new FileCommand.AddSegment(
                file(request.getFileId()), generation(request.getGeneration()), request.getEndedLength());
    }

    /** Reads a completion. */
    public static FileCommand decode(CompleteRequest request) {
        return new FileCommand.Complete(
                file(request.getFileId()),
                generation(request.getGeneration()),
                request.getLastSegmentLength(),
                request.getClose());
    }

    /** Reads an abandonment. */
    public static FileCommand decode(AbandonRequest request) {
        return new FileCommand.Abandon(
                file(request.getFileId()), generation(request.getGeneration()), request.getDeleteCreated());
    }

    /** Reads a rename. */
    public static FileCommand decode(RenameRequest request) {
        return new FileCommand.Rename(request.getSource(), request.getDestination(), rule(request.getMode()));
    }

    /** Reads a delete. */
    public static FileCommand decode(DeleteRequest request) {
        return new FileCommand.Delete(request.getPath(), request.getRecursive());
    }

    /** Reads a mkdirs. */
    public static FileCommand decode(MkdirsRequest request) {
        return new FileCommand.Mkdirs(request.getPath(), request.getPermission(), request.getCreateParent());
    }

    /** Reads new permission bits. */
    public static FileCommand decode(SetPermissionRequest request) {
        return new FileCommand.SetPermission(request.getPath(), request.getPermission());
    }

    /** Reads a new owner. */
    public static FileCommand decode(SetOwnerRequest request) {
        return new FileCommand.SetOwner(request.getPath(), request.getOwner(), request.getGroup());
    }

    /** Reads new times. */
    public static FileCommand decode(SetTimesRequest request) {
        return new FileCommand.SetTimes(request.getPath(), request.getModificationMs(), request.getAccessMs());
    }

    /** Reads a new replication. */
    public static FileCommand decode(SetReplicationRequest request) {
        return new FileCommand.SetReplication(request.getPath(), request.getReplication());
    }

    /** Reads a truncation. */
    public static FileCommand decode(TruncateRequest request) {
        return new FileCommand.Truncate(request.getPath(), request.getLength());
    }

    /** Reads a concatenation. */
    public static FileCommand decode(ConcatRequest request) {
        return new FileCommand.Concat(request.getTarget(), request.getSourcesList());
    }

    /** Reads a lease recovery. */
    public static FileCommand decode(RecoverLeaseRequest request) {
        return new FileCommand.RecoverLease(request.getPath());
    }

    /** The rename's mode; one that this version does not know is the strictest. */
    private static RenameRule rule(RenameMode mode) {
        return switch (mode) {
            case RENAME_LEGACY -> RenameRule.LEGACY;
            case RENAME_OVERWRITE -> RenameRule.OVERWRITE;
            case RENAME_STRICT, UNRECOGNIZED -> RenameRule.STRICT;
        };
    }

    /** An id; what is out of range names nothing. */
    private static FileId file(long value) {
        return value < 0 ? FileId.NONE : new FileId(value);
    }

    /** A generation; what is out of range is older than any. */
    private static Generation generation(long value) {
        return value < 0 ? Generation.ZERO : new Generation(value);
    }
}
