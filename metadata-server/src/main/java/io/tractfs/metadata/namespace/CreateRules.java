package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.Generation;
import io.tractfs.metadata.permission.Access;
import io.tractfs.metadata.permission.AccessRules;
import io.tractfs.metadata.permission.Attributes;
import java.util.List;
import java.util.Optional;

/** Makes files and directories. Immutable. */
final class CreateRules {
    /** What the owner always may in a parent that is made on the way, as in HDFS. */
    private static final int IMPLICIT_PARENT_BITS = 0300;

    /** Parents that are made on the way are never sticky. */
    private static final int PLAIN_BITS = 0777;

    private CreateRules() {}

    /** Creates a file and opens it for the caller's session; an existing one is replaced only with {@code overwrite}. */
    static Result create(Execution execution, FileCommand.Create command) throws Refusal {
        execution.session();
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolveToCreate(command.path());
        resolved.path().requireCreatable();
        access.requireAncestor(resolved, Access.WRITE);
        Optional<Entry<Inode>> existing = resolved.last();
        if (existing.isPresent()) {
            requireReplaceable(command, access, resolved, existing.get().inode());
        } else {
            requireCreatable(command, resolved);
        }
        FileNumbers numbers = FileNumbers.of(command, execution);
        resolved.path().requireCreatableNames(execution.limits());
        if (existing.isPresent()) {
            clear(execution, command, resolved, existing.get());
        }
        Entry<Inode> parent = existing.isPresent()
                ? resolved.ancestor()
                : makeParents(
                        execution,
                        resolved,
                        resolved.deepest().inode().attributes().permission());
        Inode.FileNode file = newFile(execution, command.permission(), numbers, parent.inode());
        Location location = new Location(parent.inode().id(), resolved.path().name());
        requireRoom(execution, parent, resolved.path().parent());
        execution.edit().add(parent.location(), location, file);
        execution.subject().is(file.attributes());
        return new Result.Opened(file.status(location.name(), true));
    }

    private static void requireReplaceable(
            FileCommand.Create command, PathAccess access, ResolvedPath resolved, Inode existing) throws Refusal {
        if (existing.isDirectory()) {
            throw new Refusal(ErrorCode.IS_A_DIRECTORY, resolved.path() + " already exists as a directory");
        }
        if (command.overwrite()) {
            access.requireAccess(resolved, Access.WRITE);
        }
    }

    private static void requireCreatable(FileCommand.Create command, ResolvedPath resolved) throws Refusal {
        if (!command.createParent()) {
            requireParent(resolved);
        }
        if (command.mustExist()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "Can't overwrite non-existent " + resolved.path());
        }
    }

    /** Makes way for a file where there is one already. */
    private static void clear(
            Execution execution, FileCommand.Create command, ResolvedPath resolved, Entry<Inode> existing)
            throws Refusal {
        if (command.overwrite()) {
            execution.edit().remove(resolved.ancestor().location(), existing);
            return;
        }
        if (existing.inode() instanceof Inode.FileNode file) {
            OpenFileRules.requireClosed(execution, file, "CREATE_FILE", resolved.path());
        }
        throw new Refusal(
                ErrorCode.ALREADY_EXISTS,
                resolved.path() + " for client " + execution.name().client() + " already exists");
    }

    /** Replication, sizes in bytes and window of a new file: the command's, or the cluster's where it names none. */
    private record FileNumbers(int replication, long blockSize, int tractSize, int window) {
        static FileNumbers of(FileCommand.Create command, Execution execution) throws Refusal {
            FileDefaults defaults = execution.layout().defaults();
            FileNumbers numbers = new FileNumbers(
                    command.replication() == 0 ? defaults.replication() : command.replication(),
                    command.blockSize() == 0 ? defaults.blockSize() : command.blockSize(),
                    command.tractSize() == 0 ? defaults.tractSize() : command.tractSize(),
                    command.window() == 0 ? defaults.window() : command.window());
            requireBlockSize(execution.limits(), numbers.blockSize);
            requireReplication(execution.limits(), numbers.replication, command.path());
            if (numbers.window < 1
                    || numbers.window > FileDefaults.MAX_WINDOW
                    || !FileDefaults.isTractSize(numbers.tractSize)) {
                throw new Refusal(
                        ErrorCode.INVALID_ARGUMENT,
                        "Out of range for " + command.path() + ": tract size " + numbers.tractSize
                                + " (a power of two from " + FileDefaults.MIN_TRACT_SIZE + " to "
                                + FileDefaults.MAX_TRACT_SIZE + "), window " + numbers.window + " (1 to "
                                + FileDefaults.MAX_WINDOW + ")");
            }
            return numbers;
        }
    }

    private static Inode.FileNode newFile(Execution execution, int permission, FileNumbers numbers, Inode parent)
            throws Refusal {
        Segment segment =
                new Segment(execution.counters().drawBlob(), 0, numbers.tractSize(), numbers.replication(), false);
        return new Inode.FileNode(
                execution.counters().drawFile(),
                newAttributes(execution, permission, parent, execution.timeMs()),
                numbers.replication(),
                numbers.blockSize(),
                numbers.window(),
                Generation.ZERO.next(),
                List.of(segment),
                Writer.of(execution.session(), true));
    }

    /** Refuses a replication that no file may have. */
    static void requireReplication(NamespaceLimits limits, int replication, String path) throws Refusal {
        if (replication < 1 || replication > limits.maxReplication()) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "Requested replication factor of " + Integer.toUnsignedString(replication)
                            + (replication == 0
                                    ? " is less than the required minimum of 1"
                                    : " exceeds maximum of " + limits.maxReplication())
                            + " for " + path);
        }
    }

    private static void requireBlockSize(NamespaceLimits limits, long blockSize) throws Refusal {
        if (blockSize < Math.max(1, limits.minBlockSize())) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "Specified block size " + blockSize + " is less than configured minimum value "
                            + "tract.metadata.block.size.min=" + limits.minBlockSize());
        }
    }

    /** Refuses one more entry in a directory that is full. */
    static void requireRoom(Execution execution, Entry<Inode> directory, NamespacePath path) throws Refusal {
        long limit = execution.limits().directoryItems();
        long items = execution.tree().directoryAt(directory.location()).childCount();
        if (items >= limit) {
            throw new Refusal(
                    ErrorCode.TOO_MANY_ENTRIES,
                    "The directory item limit of " + path + " is exceeded: limit=" + limit + " items=" + items);
        }
    }

    /** Makes a directory; it is no error if it is there. */
    static Result mkdirs(Execution execution, FileCommand.Mkdirs command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolveToCreate(command.path());
        resolved.path().requireCreatable();
        Optional<Entry<Inode>> existing = resolved.last();
        if (existing.isPresent()) {
            if (!existing.get().inode().isDirectory()) {
                throw new Refusal(ErrorCode.ALREADY_EXISTS, "Path is not a directory: " + resolved.path());
            }
            execution.subject().is(existing.get().inode().attributes());
            return Result.YES;
        }
        access.requireAncestor(resolved, Access.WRITE);
        if (!command.createParent()) {
            requireParent(resolved);
        }
        resolved.path().requireCreatableNames(execution.limits());
        Entry<Inode> parent = makeParents(execution, resolved, command.permission());
        requireRoom(execution, parent, resolved.path().parent());
        Entry<Inode> made = addDirectory(execution, parent, resolved.path().name(), command.permission());
        execution.subject().is(made.inode().attributes());
        return Result.YES;
    }

    private static void requireParent(ResolvedPath resolved) throws Refusal {
        if (resolved.parent().isEmpty()) {
            int depth = resolved.path().names().size() - 1;
            throw new Refusal(
                    ErrorCode.PARENT_NOT_FOUND,
                    "Parent directory doesn't exist: " + resolved.path().prefix(depth));
        }
    }

    /**
     * Makes the missing directories above the last component; gives the parent of the last component. As in HDFS they get
     * the permission of the directory that is made, or, above a file, that of the directory which they are made in.
     */
    private static Entry<Inode> makeParents(Execution execution, ResolvedPath resolved, int permission) throws Refusal {
        Entry<Inode> at = resolved.deepest();
        List<String> names = resolved.path().names();
        if (!at.inode().isDirectory()) {
            throw new Refusal(ErrorCode.PARENT_NOT_DIRECTORY, "Parent path is not a directory: " + resolved.pathOf(at));
        }
        requireRoom(execution, at, resolved.pathOf(at));
        for (String name : names.subList(resolved.chain().size() - 1, names.size() - 1)) {
            at = addDirectory(execution, at, name, (permission & PLAIN_BITS) | IMPLICIT_PARENT_BITS);
        }
        return at;
    }

    /** Adds an empty directory. */
    static Entry<Inode> addDirectory(Execution execution, Entry<Inode> parent, String name, int permission) {
        Inode.Directory directory = new Inode.Directory(
                execution.counters().drawFile(), newAttributes(execution, permission, parent.inode(), 0), 0);
        Location location = new Location(parent.inode().id(), name);
        execution.edit().add(parent.location(), location, directory);
        return new Entry<>(location, directory);
    }

    /** The owner is who asks, the group is the parent's, as in HDFS. */
    private static Attributes newAttributes(Execution execution, int permission, Inode parent, long accessMs) {
        return new Attributes(
                permission & AccessRules.PERMISSION_MASK,
                execution.requester().user(),
                parent.attributes().group(),
                execution.timeMs(),
                accessMs);
    }
}
