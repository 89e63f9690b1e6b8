package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.FileId;
import io.tractfs.metadata.permission.Access;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Appends whole files to a file as HDFS does: all are closed files of one directory, none of the sources is empty or named
 * twice. No byte moves: the sources' segments are hung to the target. Every segment is ended then (P20), since stores know
 * the sources' blobs under generations that the target does not continue. Immutable.
 */
final class ConcatRules {
    private ConcatRules() {}

    /** Moves the sources' segments to the end of the target and removes the sources. */
    static Result concat(Execution execution, FileCommand.Concat command) throws Refusal {
        if (command.target().isEmpty() || command.sources().isEmpty()) {
            throw invalid(command.target().isEmpty() ? "Target file name is empty" : "No sources given");
        }
        PathAccess access = execution.paths();
        ResolvedPath resolved = access.resolve(command.target());
        access.requireAccess(resolved, Access.WRITE);
        Entry<Inode.FileNode> target = resolved.requiredFile();
        if (target.inode().writer().isOpen()) {
            throw invalid("concat: target file " + resolved.path() + " is under construction");
        }
        List<Entry<Inode.FileNode>> sources = sources(access, command.sources(), resolved.path(), target);
        Inode.FileNode longer = joined(execution, target.inode(), sources);
        Location parent = resolved.ancestor().location();
        for (Entry<Inode.FileNode> source : sources) {
            execution.edit().unlink(parent, source);
        }
        Inode.FileNode reviewed = ReplicationRules.review(execution, longer);
        execution.subject().is(longer.attributes());
        execution
                .edit()
                .replace(
                        target.location(),
                        reviewed.withAttributes(longer.attributes().modifiedAt(execution.timeMs())));
        return Result.DONE;
    }

    private static List<Entry<Inode.FileNode>> sources(
            PathAccess access, List<String> paths, NamespacePath targetPath, Entry<Inode.FileNode> target)
            throws Refusal {
        List<Entry<Inode.FileNode>> sources = new ArrayList<>(paths.size());
        Set<Location> seen = new HashSet<>();
        for (String path : paths) {
            ResolvedPath resolved = access.resolve(path);
            access.requireAccess(resolved, Access.READ);
            access.requireParent(resolved, Access.WRITE);
            Entry<Inode.FileNode> source = resolved.requiredFile();
            requireSuitable(source, resolved.path(), target, targetPath);
            seen.add(source.location());
            sources.add(source);
        }
        if (seen.size() < sources.size()) {
            throw invalid("concat: at least two of the source files are the same");
        }
        return sources;
    }

    private static void requireSuitable(
            Entry<Inode.FileNode> source, NamespacePath path, Entry<Inode.FileNode> target, NamespacePath targetPath)
            throws Refusal {
        if (!source.location().parent().equals(target.location().parent())) {
            throw invalid("Source file " + path + " is not in the same directory with the target " + targetPath);
        }
        if (source.location().equals(target.location())) {
            throw invalid("concat: the src file " + path + " is the same with the target file " + targetPath);
        }
        if (source.inode().writer().isOpen() || source.inode().length() == 0) {
            throw invalid("concat: source file " + path + " is invalid or empty or underConstruction");
        }
        if (source.inode().blockSize() > target.inode().blockSize()) {
            throw invalid("concat: source file " + path + " has preferred block size "
                    + source.inode().blockSize() + " which is greater than the target file's preferred block size "
                    + target.inode().blockSize());
        }
    }

    /** The target with all segments that hold bytes, ended; empty ones go. */
    private static Inode.FileNode joined(
            Execution execution, Inode.FileNode target, List<Entry<Inode.FileNode>> sources) throws Refusal {
        List<Segment> segments = new ArrayList<>();
        takeOver(execution, target.segments(), target.id(), segments);
        for (Entry<Inode.FileNode> source : sources) {
            takeOver(execution, source.inode().segments(), target.id(), segments);
        }
        OpenFileRules.requireSegments(execution.limits(), target, segments.size());
        return target.withSegments(segments);
    }

    private static void takeOver(Execution execution, List<Segment> from, FileId file, List<Segment> to) {
        for (Segment segment : from) {
            if (segment.length() > 0) {
                to.add(segment.endedAt(segment.length()));
                execution.edit().addBlob(segment.blob(), file);
            } else {
                execution.edit().discard(segment.blob());
            }
        }
    }

    private static Refusal invalid(String why) {
        return new Refusal(ErrorCode.INVALID_ARGUMENT, why);
    }
}
