package io.tractfs.metadata.namespace;

import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import java.util.List;

/** What users ask of the namespace. Paths are as the client sent them and are checked at apply. Immutable. */
public sealed interface FileCommand extends Command {
    /**
     * Creates a file and opens it for the caller's session. Result: {@link Result.Opened}.
     *
     * @param permission bits 01777 after the client's umask
     * @param overwrite whether an existing file is replaced
     * @param createParent whether missing parents are made
     * @param mustExist whether there has to be a file already
     * @param replication 0 for the cluster's default
     * @param blockSize bytes, 0 for the cluster's default
     * @param tractSize bytes, 0 for the cluster's default
     * @param window tracts in flight (P18), 0 for the cluster's default
     */
    record Create(
            String path,
            int permission,
            boolean overwrite,
            boolean createParent,
            boolean mustExist,
            int replication,
            long blockSize,
            int tractSize,
            int window)
            implements FileCommand {}

    /** Opens a file at its end for the caller's session. Result: {@link Result.Opened}. */
    record Append(String path, boolean newSegment) implements FileCommand {}

    /** Ends the segment in writing and begins another (P3). Result: {@link Result.Opened}. */
    record AddSegment(FileId file, Generation generation, long endedLength) implements FileCommand {}

    /** Records the length of an open file (P24) or closes it. Result: {@link Result.Status}. */
    record Complete(FileId file, Generation generation, long lastSegmentLength, boolean close) implements FileCommand {}

    /** Gives an open file up at its recorded length. Result: {@link Result.Done}. */
    record Abandon(FileId file, Generation generation, boolean deleteCreated) implements FileCommand {}

    /** Renames. Result: {@link Result.Answer}. */
    record Rename(String source, String destination, RenameRule rule) implements FileCommand {}

    /** Deletes. Result: {@link Result.Answer}. */
    record Delete(String path, boolean recursive) implements FileCommand {}

    /** Makes a directory. Result: {@link Result.Answer}. */
    record Mkdirs(String path, int permission, boolean createParent) implements FileCommand {}

    /** Sets permission bits. Result: {@link Result.Done}. */
    record SetPermission(String path, int permission) implements FileCommand {}

    /** Sets owner and group; an empty text leaves one as it is. Result: {@link Result.Done}. */
    record SetOwner(String path, String owner, String group) implements FileCommand {}

    /** Sets times; -1 leaves one as it is. Result: {@link Result.Done}. */
    record SetTimes(String path, long modificationMs, long accessMs) implements FileCommand {}

    /** Sets the replication of a file. Result: {@link Result.Answer}. */
    record SetReplication(String path, int replication) implements FileCommand {}

    /** Shortens a closed file. Result: {@link Result.Answer}. */
    record Truncate(String path, long length) implements FileCommand {}

    /** Moves the segments of closed files to the end of another one; the files are gone. Result: {@link Result.Done}. */
    record Concat(String target, List<String> sources) implements FileCommand {
        /** Copies the list. */
        public Concat {
            sources = List.copyOf(sources);
        }
    }

    /** Takes a file from its writer (P19). Result: {@link Result.Recovering} or, where it is closed, {@link Result.Answer}. */
    record RecoverLease(String path) implements FileCommand {}
}
