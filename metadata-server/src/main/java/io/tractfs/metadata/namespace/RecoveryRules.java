package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.metadata.permission.Access;

/** Takes files from writers that may be gone (P19, P20). Immutable. */
final class RecoveryRules {
    private RecoveryRules() {}

    /** A user takes a file from its writer; true at once if it is closed. */
    static Result recoverLease(Execution execution, FileCommand.RecoverLease command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        Entry<Inode.FileNode> entry = resolved.requiredFile();
        if (!entry.inode().writer().isOpen()) {
            return Result.YES;
        }
        access.requireAccess(resolved, Access.WRITE);
        return switch (entry.inode().writer().state()) {
            case CLOSED -> Result.YES;
            case OPEN -> fence(execution, entry);
            case RECOVERING -> new Result.Recovering(entry.inode().status(entry.name(), true));
        };
    }

    /** The leader takes a file from a session whose lease is over. */
    static Result begin(Execution execution, ClusterCommand.BeginRecovery command) throws Refusal {
        Entry<Inode.FileNode> entry = OpenFileRules.requireOpen(execution, command.file());
        Writer writer = entry.inode().writer();
        if (!writer.holder().equals(command.holder())) {
            String message =
                    "File " + command.file() + " is held by " + writer.holder() + ", not by " + command.holder();
            throw new Refusal(new Result.Held(command.file(), writer.holder(), message), message);
        }
        return fence(execution, entry);
    }

    private static Result fence(Execution execution, Entry<Inode.FileNode> entry) {
        Inode.FileNode fenced = entry.inode()
                .withWriter(Writer.RECOVERY, entry.inode().generation().next());
        execution.edit().replaceOpened(entry.location(), fenced);
        return new Result.Recovering(fenced.status(entry.name(), true));
    }

    /** Closes a file at the length that recovery found; its segment is ended, whatever was cut (P20). */
    static Result commit(Execution execution, ClusterCommand.CommitRecovered command) throws Refusal {
        Entry<Inode.FileNode> entry = OpenFileRules.requireOpen(execution, command.file());
        Inode.FileNode file = entry.inode();
        if (file.writer().state() != Writer.State.RECOVERING
                || !file.generation().equals(command.generation())) {
            throw new Refusal(
                    ErrorCode.GENERATION_FENCED,
                    "File " + command.file() + " is at generation " + file.generation() + " in state "
                            + file.writer().state() + ", not recovered by generation " + command.generation());
        }
        Segment last = file.lastSegment();
        if (command.lastSegmentLength() < last.length()) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "Segment " + last.blob() + " is recorded with " + last.length() + " bytes and is not cut to "
                            + command.lastSegmentLength());
        }
        return OpenFileRules.close(
                execution, entry.location(), file.withLastSegment(last.endedAt(command.lastSegmentLength())));
    }
}
