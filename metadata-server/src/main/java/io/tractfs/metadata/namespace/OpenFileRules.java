package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.permission.Access;
import java.util.List;
import java.util.Optional;

/** Opens files for appending, and what their writers do with them until they close. Immutable. */
final class OpenFileRules {
    private OpenFileRules() {}

    /** Opens a file at its end under a new generation; continues the last segment only after a clean close (P20). */
    static Result append(Execution execution, FileCommand.Append command) throws Refusal {
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.path());
        if (resolved.exists() && resolved.deepest().inode().isDirectory()) {
            throw new Refusal(
                    ErrorCode.IS_A_DIRECTORY,
                    "Cannot append to directory " + resolved.path() + "; already exists as a directory.");
        }
        if (!resolved.exists()) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Failed to append to non-existent file " + resolved.path() + " for client "
                            + execution.name().client());
        }
        access.requireAccess(resolved, Access.WRITE);
        Entry<Inode.FileNode> entry = resolved.requiredFile();
        Inode.FileNode file = entry.inode();
        requireClosed(execution, file, "APPEND_FILE", resolved.path());
        Inode.FileNode opened = withSegmentToWrite(execution, file, command.newSegment())
                .withWriter(
                        Writer.of(execution.session(), false), file.generation().next());
        execution.edit().replaceOpened(entry.location(), opened);
        return new Result.Opened(opened.status(entry.name(), true));
    }

    private static Inode.FileNode withSegmentToWrite(Execution execution, Inode.FileNode file, boolean newSegment)
            throws Refusal {
        List<Segment> segments = file.segments();
        if (segments.isEmpty()) {
            return plusSegment(execution, file, execution.layout().defaults().tractSize());
        }
        Segment last = file.lastSegment();
        boolean old = last.blob().epoch().compareTo(execution.counters().endedBefore) < 0;
        boolean fits = !last.ended() && !old && last.replication() == file.replication();
        if (fits && (!newSegment || last.length() == 0)) {
            return file;
        }
        return plusSegment(execution, ended(execution, file, last.length()), last.tractSize());
    }

    private static Inode.FileNode plusSegment(Execution execution, Inode.FileNode file, int tractSize) throws Refusal {
        requireSegments(execution.limits(), file, file.segments().size() + 1);
        Segment segment = new Segment(execution.counters().drawBlob(), 0, tractSize, file.replication(), false);
        execution.edit().addBlob(segment.blob(), file.id());
        return file.plusSegment(segment);
    }

    /** Refuses more segments than a file may have. */
    static void requireSegments(NamespaceLimits limits, Inode.FileNode file, int count) throws Refusal {
        if (count > limits.segments()) {
            throw new Refusal(
                    ErrorCode.TOO_MANY_SEGMENTS,
                    "File " + file.id() + " would have " + count + " segments, at most " + limits.segments()
                            + " are allowed (tract.metadata.file.segments); a copy of the file has one");
        }
    }

    /** Ends the last segment at a length; an empty one goes. */
    private static Inode.FileNode ended(Execution execution, Inode.FileNode file, long length) {
        if (length > 0) {
            return file.withLastSegment(file.lastSegment().endedAt(length));
        }
        execution.edit().discard(file.lastSegment().blob());
        return file.withSegments(file.segments().subList(0, file.segments().size() - 1));
    }

    /** Ends the segment in writing at its acknowledged length and begins another (P3). */
    static Result addSegment(Execution execution, FileCommand.AddSegment command) throws Refusal {
        Entry<Inode.FileNode> entry = requireWriter(execution, command.file(), command.generation());
        Inode.FileNode file = entry.inode();
        Segment last = file.lastSegment();
        requireGrowth(last, command.endedLength());
        Inode.FileNode next = plusSegment(execution, ended(execution, file, command.endedLength()), last.tractSize());
        execution.edit().replace(entry.location(), next);
        return new Result.Opened(next.status(entry.name(), true));
    }

    /** Records the length of an open file or closes it (P24). */
    static Result complete(Execution execution, FileCommand.Complete command) throws Refusal {
        Entry<Inode.FileNode> entry = requireWriter(execution, command.file(), command.generation());
        Inode.FileNode file = entry.inode();
        requireGrowth(file.lastSegment(), command.lastSegmentLength());
        Inode.FileNode longer = file.withLastSegment(file.lastSegment().withLength(command.lastSegmentLength()));
        if (!command.close()) {
            execution.edit().replace(entry.location(), longer);
            return new Result.Status(longer.status(entry.name(), true));
        }
        return close(execution, entry.location(), longer);
    }

    /** Gives a file up at its recorded length, or deletes it if this session created it. */
    static Result abandon(Execution execution, FileCommand.Abandon command) throws Refusal {
        Entry<Inode.FileNode> entry = requireWriter(execution, command.file(), command.generation());
        Inode.FileNode file = entry.inode();
        if (command.deleteCreated() && file.writer().created()) {
            execution.edit().remove(parentOf(execution, entry.location()), new Entry<>(entry.location(), file));
            return Result.DONE;
        }
        close(
                execution,
                entry.location(),
                file.withLastSegment(
                        file.lastSegment().endedAt(file.lastSegment().length())));
        return Result.DONE;
    }

    private static Location parentOf(Execution execution, Location location) {
        if (location.parent().equals(Inode.ROOT)) {
            return Location.ROOT;
        }
        byte[] value = execution
                .transaction()
                .get(KeySpace.DIRECTORIES, Keys.ofLong(location.parent().value()));
        if (value == null) {
            throw new StoredFormatException("No directory " + location.parent());
        }
        return Keys.toLocation(value);
    }

    /** Closes a file. */
    static Result close(Execution execution, Location location, Inode.FileNode file) throws Refusal {
        Inode.FileNode closed = ReplicationRules.review(
                execution,
                file.withWriter(Writer.NOBODY, file.generation())
                        .withAttributes(file.attributes().modifiedAt(execution.timeMs())));
        execution.edit().replaceOpened(location, closed);
        return new Result.Status(closed.status(location.name(), true));
    }

    /** Refuses to shorten what is recorded. */
    private static void requireGrowth(Segment last, long length) throws Refusal {
        if (length < last.length()) {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENT,
                    "Segment " + last.blob() + " is recorded with " + last.length() + " bytes, not " + length);
        }
    }

    /** The open file of an id, below the root. */
    static Entry<Inode.FileNode> requireOpen(Execution execution, FileId file) throws Refusal {
        Tree tree = execution.tree();
        Optional<Entry<Inode.FileNode>> entry = tree.file(file);
        if (entry.isEmpty()
                || (execution.counters().detachedCount > 0
                        && !tree.isAttached(entry.get().location().parent()))) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND, "File does not exist: it was deleted while it was open, inode " + file);
        }
        if (!entry.get().inode().writer().isOpen()) {
            throw new Refusal(ErrorCode.FILE_NOT_OPEN, "File " + file + " is not open for writing");
        }
        return entry.get();
    }

    /** The open file of an id, held by the calling session under its generation. */
    private static Entry<Inode.FileNode> requireWriter(Execution execution, FileId file, Generation generation)
            throws Refusal {
        Entry<Inode.FileNode> entry = requireOpen(execution, file);
        Inode.FileNode node = entry.inode();
        if (!node.generation().equals(generation)
                || node.writer().state() != Writer.State.OPEN
                || !node.writer().holder().equals(execution.session())) {
            throw new Refusal(
                    ErrorCode.GENERATION_FENCED,
                    "File " + file + " is at generation " + node.generation() + ", not written by generation "
                            + generation + " of client " + execution.name().client());
        }
        return entry;
    }

    /** Refuses what cannot be done to a file while it is open, in HDFS's words. */
    static void requireClosed(Execution execution, Inode.FileNode file, String operation, NamespacePath path)
            throws Refusal {
        Writer writer = file.writer();
        String prefix = "Failed to " + operation + " " + path + " for "
                + execution.name().client() + " because ";
        String why = switch (writer.state()) {
            case CLOSED -> "";
            case OPEN ->
                writer.holder().equals(execution.name().client())
                        ? "this client is already the current lease holder."
                        : "this file lease is currently owned by " + writer.holder() + ".";
            case RECOVERING -> "lease recovery is in progress. Try again later.";
        };
        if (writer.isOpen()) {
            throw new Refusal(new Result.Held(file.id(), writer.holder(), prefix + why), prefix + why);
        }
    }
}
