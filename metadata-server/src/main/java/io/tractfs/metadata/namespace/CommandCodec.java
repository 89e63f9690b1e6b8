package io.tractfs.metadata.namespace;

import io.tractfs.metadata.proto.LogCommand;
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

/** Commands of users as logged: each in the request message it came in. Immutable. */
final class CommandCodec {
    private CommandCodec() {}

    /** Writes a command. */
    static void encode(LogCommand.Builder log, FileCommand command) {
        if (command instanceof FileCommand.Create create) {
            log.setCreate(encode(create));
        } else if (command instanceof FileCommand.Append append) {
            log.setAppend(AppendRequest.newBuilder().setPath(append.path()).setNewSegment(append.newSegment()));
        } else if (command instanceof FileCommand.AddSegment add) {
            log.setAddSegment(AddSegmentRequest.newBuilder()
                    .setFileId(add.file().value())
                    .setGeneration(add.generation().value())
                    .setEndedLength(add.endedLength()));
        } else if (command instanceof FileCommand.Complete complete) {
            log.setComplete(CompleteRequest.newBuilder()
                    .setFileId(complete.file().value())
                    .setGeneration(complete.generation().value())
                    .setLastSegmentLength(complete.lastSegmentLength())
                    .setClose(complete.close()));
        } else if (command instanceof FileCommand.Abandon abandon) {
            log.setAbandon(AbandonRequest.newBuilder()
                    .setFileId(abandon.file().value())
                    .setGeneration(abandon.generation().value())
                    .setDeleteCreated(abandon.deleteCreated()));
        } else if (command instanceof FileCommand.Rename rename) {
            log.setRename(RenameRequest.newBuilder()
                    .setSource(rename.source())
                    .setDestination(rename.destination())
                    .setMode(mode(rename.rule())));
        } else if (command instanceof FileCommand.Delete delete) {
            log.setDelete(DeleteRequest.newBuilder().setPath(delete.path()).setRecursive(delete.recursive()));
        } else if (command instanceof FileCommand.Mkdirs mkdirs) {
            log.setMkdirs(MkdirsRequest.newBuilder()
                    .setPath(mkdirs.path())
                    .setPermission(mkdirs.permission())
                    .setCreateParent(mkdirs.createParent()));
        } else if (command instanceof FileCommand.SetPermission set) {
            log.setSetPermission(
                    SetPermissionRequest.newBuilder().setPath(set.path()).setPermission(set.permission()));
        } else if (command instanceof FileCommand.SetOwner set) {
            log.setSetOwner(SetOwnerRequest.newBuilder()
                    .setPath(set.path())
                    .setOwner(set.owner())
                    .setGroup(set.group()));
        } else if (command instanceof FileCommand.SetTimes set) {
            log.setSetTimes(SetTimesRequest.newBuilder()
                    .setPath(set.path())
                    .setModificationMs(set.modificationMs())
                    .setAccessMs(set.accessMs()));
        } else if (command instanceof FileCommand.SetReplication set) {
            log.setSetReplication(
                    SetReplicationRequest.newBuilder().setPath(set.path()).setReplication(set.replication()));
        } else if (command instanceof FileCommand.Truncate truncate) {
            log.setTruncate(
                    TruncateRequest.newBuilder().setPath(truncate.path()).setLength(truncate.length()));
        } else if (command instanceof FileCommand.Concat concat) {
            log.setConcat(ConcatRequest.newBuilder().setTarget(concat.target()).addAllSources(concat.sources()));
        } else if (command instanceof FileCommand.RecoverLease recover) {
            log.setRecoverLease(RecoverLeaseRequest.newBuilder().setPath(recover.path()));
        } else {
            throw new AssertionError("Not a command of users: " + command);
        }
    }

    private static CreateRequest.Builder encode(FileCommand.Create create) {
        return CreateRequest.newBuilder()
                .setPath(create.path())
                .setPermission(create.permission())
                .setOverwrite(create.overwrite())
                .setCreateParent(create.createParent())
                .setMustExist(create.mustExist())
                .setReplication(create.replication())
                .setBlockSize(create.blockSize())
                .setTractSize(create.tractSize())
                .setWindow(create.window());
    }

    private static RenameMode mode(RenameRule rule) {
        return switch (rule) {
            case LEGACY -> RenameMode.RENAME_LEGACY;
            case STRICT -> RenameMode.RENAME_STRICT;
            case OVERWRITE -> RenameMode.RENAME_OVERWRITE;
        };
    }
}
