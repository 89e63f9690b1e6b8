package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.metadata.permission.Access;
import java.util.Optional;

/**
 * Renames as HDFS does, for {@code rename(src, dst)} and {@code rename(src, dst, options)}. A sticky
 * bit protects what is moved, not what is replaced: for that HDFS asks for the right to write the directory alone.
 * Immutable.
 */
final class RenameRules {
    private RenameRules() {}

    /** Renames. */
    static Result rename(Execution execution, FileCommand.Rename command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath source = access.resolve(command.source());
        ResolvedPath destination = access.resolveToCreate(command.destination());
        if (command.rule() == RenameRule.LEGACY) {
            return legacy(execution, access, source, intoDirectory(access, source, destination));
        }
        return strict(execution, access, source, destination, command.rule() == RenameRule.OVERWRITE);
    }

    /** HDFS's old rule: a destination that is a directory takes the source in under its own name. */
    private static ResolvedPath intoDirectory(PathAccess access, ResolvedPath source, ResolvedPath destination)
            throws Refusal {
        Optional<Entry<Inode>> existing = destination.last();
        if (existing.isPresent()
                && existing.get().inode().isDirectory()
                && !source.path().isRoot()) {
            return access.resolveToCreate(destination.path().child(source.path().name()));
        }
        return destination;
    }

    private static Result legacy(Execution execution, PathAccess access, ResolvedPath source, ResolvedPath destination)
            throws Refusal {
        access.requireRemoval(source);
        access.requireAncestor(destination, Access.WRITE);
        if (!source.exists() || source.path().isRoot()) {
            return Result.NO;
        }
        if (source.path().equals(destination.path())) {
            return Result.YES;
        }
        if (destination.path().isBelow(source.path())
                || destination.exists()
                || destination.parent().isEmpty()) {
            return Result.NO;
        }
        return move(execution, source, destination);
    }

    private static Result strict(
            Execution execution, PathAccess access, ResolvedPath source, ResolvedPath destination, boolean overwrite)
            throws Refusal {
        access.requireRemoval(source);
        access.requireAncestor(destination, Access.WRITE);
        requireSensible(source, destination);
        Optional<Entry<Inode>> existing = destination.last();
        if (existing.isPresent()) {
            requireReplaceable(source, destination, existing.get().inode(), overwrite);
            execution.edit().remove(destination.ancestor().location(), existing.get());
        } else if (destination.parent().isEmpty()) {
            throw new Refusal(
                    ErrorCode.PARENT_NOT_FOUND, "rename destination parent " + destination.path() + " not found.");
        }
        return move(execution, source, destination);
    }

    private static void requireSensible(ResolvedPath source, ResolvedPath destination) throws Refusal {
        if (!source.exists()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "rename source " + source.path() + " is not found.");
        }
        if (source.path().isRoot()) {
            throw new Refusal(ErrorCode.INVALID_ARGUMENT, "rename source cannot be the root");
        }
        if (source.path().equals(destination.path())) {
            throw new Refusal(
                    ErrorCode.ALREADY_EXISTS,
                    "The source " + source.path() + " and destination " + destination.path() + " are the same");
        }
        if (destination.path().isBelow(source.path())) {
            throw new Refusal(
                    ErrorCode.RENAME_INTO_SELF,
                    "Rename destination " + destination.path() + " is a directory or file under source "
                            + source.path());
        }
        if (destination.path().isRoot()) {
            throw new Refusal(ErrorCode.INVALID_ARGUMENT, "rename destination cannot be the root");
        }
    }

    private static void requireReplaceable(
            ResolvedPath source, ResolvedPath destination, Inode existing, boolean overwrite) throws Refusal {
        boolean sourceDirectory = source.deepest().inode().isDirectory();
        if (sourceDirectory != existing.isDirectory()) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "Source " + source.path() + " and destination " + destination.path() + " must both be directories");
        }
        if (!overwrite) {
            throw new Refusal(ErrorCode.ALREADY_EXISTS, "rename destination " + destination.path() + " already exists");
        }
        if (existing instanceof Inode.Directory directory && directory.childCount() > 0) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT, "rename destination directory is not empty: " + destination.path());
        }
    }

    private static Result move(Execution execution, ResolvedPath source, ResolvedPath destination) throws Refusal {
        Entry<Inode> parent = destination.parent().orElseThrow();
        if (!parent.inode().isDirectory()) {
            throw new Refusal(
                    ErrorCode.PARENT_NOT_DIRECTORY, "rename destination parent " + destination.path() + " is a file.");
        }
        destination.path().requireCreatable();
        destination.path().requireCreatableNames(execution.limits());
        if (!source.ancestor().location().equals(parent.location())) {
            CreateRules.requireRoom(execution, parent, destination.path().parent());
        }
        Location to = new Location(parent.inode().id(), destination.path().name());
        execution.subject().is(source.deepest().inode().attributes());
        execution.edit().move(source.ancestor().location(), source.deepest(), parent.location(), to);
        return Result.YES;
    }
}
