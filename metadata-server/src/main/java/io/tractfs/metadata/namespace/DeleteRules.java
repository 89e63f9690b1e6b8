package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.metadata.permission.Access;

/** Deletes files and trees, and shortens files. Immutable. */
final class DeleteRules {
    private DeleteRules() {}

    /** Deletes; false if there is nothing, and for the root. */
    static Result delete(Execution execution, FileCommand.Delete command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        access.requireRemoval(resolved);
        if (!resolved.exists()) {
            return Result.NO;
        }
        Entry<Inode> entry = resolved.deepest();
        access.requireEmptiable(resolved.path(), entry.inode());
        if (entry.inode() instanceof Inode.Directory directory && directory.childCount() > 0 && !command.recursive()) {
            throw new Refusal(ErrorCode.NOT_EMPTY, resolved.path() + " is non empty");
        }
        if (resolved.path().isRoot()) {
            return Result.NO;
        }
        execution.edit().remove(resolved.ancestor().location(), entry);
        return Result.YES;
    }

    /** Shortens a closed file; the segment that is cut is ended, later ones go (P20). */
    static Result truncate(Execution execution, FileCommand.Truncate command) throws Refusal {
        long length = command.length();
        if (length < 0) {
            throw new Refusal(ErrorCode.INVALID_ARGUMENT, "Cannot truncate to a negative file size: " + length + ".");
        }
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        access.requireAccess(resolved, Access.WRITE);
        Entry<Inode.FileNode> entry = resolved.requiredFile();
        Inode.FileNode file = entry.inode();
        OpenFileRules.requireClosed(execution, file, "TRUNCATE_FILE", resolved.path());
        if (length > file.length()) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "Cannot truncate to a larger file size. Current size: " + file.length() + ", truncate size: "
                            + length + ".");
        }
        execution.subject().is(file.attributes());
        if (length < file.length()) {
            Inode.FileNode shorter = shorten(execution, file, length);
            if (file.isReplicating()) {
                execution.edit().noteReplicating(shorter);
            }
            execution
                    .edit()
                    .replace(
                            entry.location(),
                            shorter.withAttributes(shorter.attributes().modifiedAt(execution.timeMs())));
        }
        return Result.YES;
    }

    private static Inode.FileNode shorten(Execution execution, Inode.FileNode file, long length) {
        Inode.FileNode shorter = file;
        long excess = file.length() - length;
        while (excess > 0) {
            Segment last = shorter.lastSegment();
            if (last.length() > excess) {
                return shorter.withLastSegment(last.endedAt(last.length() - excess));
            }
            excess -= last.length();
            execution.edit().discard(last.blob());
            shorter = shorter.withSegments(
                    shorter.segments().subList(0, shorter.segments().size() - 1));
        }
        return shorter;
    }
}
