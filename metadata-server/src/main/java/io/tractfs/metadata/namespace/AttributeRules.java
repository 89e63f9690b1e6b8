package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.metadata.permission.Access;
import io.tractfs.metadata.permission.AccessRules;
import io.tractfs.metadata.permission.Attributes;
import io.tractfs.metadata.permission.Requester;
import java.util.Optional;

/** Sets permission, owner, times and replication. Immutable. */
final class AttributeRules {
    private static final int MAX_NAME_LENGTH = 255;

    private AttributeRules() {}

    /** Sets permission bits; the owner may. */
    static Result setPermission(Execution execution, FileCommand.SetPermission command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        access.requireOwner(resolved);
        replace(
                execution,
                resolved.deepest(),
                resolved.deepest()
                        .inode()
                        .attributes()
                        .withPermission(command.permission() & AccessRules.PERMISSION_MASK));
        return Result.DONE;
    }

    /** Sets owner and group; a user who is not a superuser may give files to own groups only. */
    static Result setOwner(Execution execution, FileCommand.SetOwner command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        access.requireOwner(resolved);
        Requester requester = execution.requester();
        Attributes old = resolved.deepest().inode().attributes();
        String owner = command.owner().isEmpty() ? old.owner() : command.owner();
        String group = command.group().isEmpty() ? old.group() : command.group();
        if (owner.length() > MAX_NAME_LENGTH || group.length() > MAX_NAME_LENGTH) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "Names of users and groups have at most " + MAX_NAME_LENGTH + " characters");
        }
        if (!requester.superuser()) {
            if (!command.owner().isEmpty() && !command.owner().equals(requester.user())) {
                throw new Refusal(
                        ErrorCode.PERMISSION_DENIED,
                        "User " + requester.user() + " is not a super user (non-super user cannot change owner).");
            }
            if (!command.group().isEmpty() && !requester.isIn(command.group())) {
                throw new Refusal(
                        ErrorCode.PERMISSION_DENIED,
                        "User " + requester.user() + " does not belong to " + command.group());
            }
        }
        replace(execution, resolved.deepest(), old.withOwner(owner, group));
        return Result.DONE;
    }

    /** Sets times; asks for write permission, as HDFS does. */
    static Result setTimes(Execution execution, FileCommand.SetTimes command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        access.requireAccess(resolved, Access.WRITE);
        if (!resolved.exists()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "File/Directory " + resolved.path() + " does not exist.");
        }
        Entry<Inode> entry = resolved.deepest();
        Attributes old = entry.inode().attributes();
        replace(
                execution,
                entry,
                old.withTimes(
                        command.modificationMs() < 0 ? old.modificationMs() : command.modificationMs(),
                        command.accessMs() < 0 ? old.accessMs() : command.accessMs()));
        return Result.DONE;
    }

    /** Sets the access times of files that were read. */
    static Result touch(Execution execution, ClusterCommand.TouchFiles command) {
        for (ClusterCommand.Touch touch : command.files()) {
            Optional<Entry<Inode.FileNode>> entry = execution.tree().file(touch.file());
            if (entry.isPresent()) {
                Attributes old = entry.get().inode().attributes();
                if (touch.timeMs() > old.accessMs() + command.precisionMs()) {
                    Attributes touched = old.withTimes(old.modificationMs(), touch.timeMs());
                    execution
                            .edit()
                            .replace(entry.get().location(), entry.get().inode().withAttributes(touched));
                }
            }
        }
        return Result.DONE;
    }

    /** Sets the replication that a file asks for; false if there is no such file. */
    static Result setReplication(Execution execution, FileCommand.SetReplication command) throws Refusal {
        CreateRules.requireReplication(execution.limits(), command.replication(), command.path());
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        access.requireAccess(resolved, Access.WRITE);
        if (!resolved.exists() || !(resolved.deepest().inode() instanceof Inode.FileNode file)) {
            return Result.NO;
        }
        Inode.FileNode changed = ReplicationRules.review(execution, file.withReplication(command.replication()));
        execution.edit().replace(resolved.deepest().location(), changed);
        return Result.YES;
    }

    private static void replace(Execution execution, Entry<Inode> entry, Attributes attributes) {
        execution.edit().replace(entry.location(), entry.inode().withAttributes(attributes));
        execution.subject().is(attributes);
    }
}
