package io.tractfs.client;

import io.tractfs.error.TractException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session with one cluster as one user: namespace calls and streams. Paths are absolute, normalised, without scheme.
 * Every method throws {@link TractException}, whose code says what happened; mutating calls are carried out once though
 * they are retried inside (retry cache). Calls wait for the metadata server as long as the configured retry time lasts.
 * Thread-safe.
 */
public interface TractFsClient extends AutoCloseable {
    /** Status of a file or directory; of an open file the length is completed from the tail's members (P22). */
    FileInfo status(String path) throws TractException;

    /**
     * One page of a directory in order of names as UTF-8 bytes; of a file, the file itself with an empty name.
     *
     * @param startAfter name after which to go on; empty for the first page
     * @param segments whether block locations will be asked of the entries
     */
    ListPage list(String path, String startAfter, boolean segments) throws TractException;

    /** All pages of a directory from the first one on, each as {@link #list} gives it; the next may be fetched ahead. */
    ListPages pages(String path, boolean segments) throws TractException;

    /** Opens a file for reading; checks read permission. */
    TractInput open(String path) throws TractException;

    /** Opens a file whose status is known, without another call if it is closed and carries segments. */
    TractInput open(String path, FileInfo known) throws TractException;

    /** Creates a file; atomic and exclusive unless the options say overwrite. */
    TractOutput create(String path, CreateOptions options) throws TractException;

    /** Opens a file at its end; {@code newSegment} begins a segment though the last could be continued. */
    TractOutput append(String path, boolean newSegment) throws TractException;

    /** Shortens a closed file; true when it is done, false when recovery of its end is still under way. */
    boolean truncate(String path, long length) throws TractException;

    /** Renames atomically; false only in mode LEGACY. */
    boolean rename(String source, String destination, RenameStyle style) throws TractException;

    /** Deletes; false if nothing was there. */
    boolean delete(String path, boolean recursive) throws TractException;

    /**
     * Makes a directory.
     *
     * @param permission bits 01777, umask already applied
     */
    boolean mkdirs(String path, int permission, boolean createParent) throws TractException;

    /** Sets permission bits 01777. */
    void setPermission(String path, int permission) throws TractException;

    /** Sets owner or group; null leaves one as it is. */
    void setOwner(String path, @Nullable String owner, @Nullable String group) throws TractException;

    /** Sets times in ms since 1970; -1 leaves one as it is. */
    void setTimes(String path, long modificationMs, long accessMs) throws TractException;

    /** Sets the replication of a file; false if it is not a file. */
    boolean setReplication(String path, int replication) throws TractException;

    /**
     * Moves the content of closed files of the same directory to the end of another one; the files are gone. Rules and
     * errors are HDFS's; refusals by these rules have code INVALID_ARGUMENT.
     */
    void concat(String target, List<String> sources) throws TractException;

    /** Takes a file from its writer; true once it is closed. */
    boolean recoverLease(String path) throws TractException;

    /** Sums up a tree at the server. */
    TreeSummary contentSummary(String path) throws TractException;

    /**
     * Checks access.
     *
     * @param mode bits: 4 read, 2 write, 1 execute
     */
    void access(String path, int mode) throws TractException;

    /** What the server applies where nothing is named. */
    Defaults defaults() throws TractException;

    /** Space of the cluster. */
    Space space() throws TractException;

    /**
     * Hosts of a range in logical blocks of the file's block size; they tile the range's blocks.
     *
     * @param file a status that carries segments ({@link #list} with segments, or of an opened file)
     */
    List<BlockHosts> locations(FileInfo file, long offset, long length) throws TractException;

    /**
     * Digest of a closed file's first bytes, worked out where they are stored; checks read permission.
     *
     * @param length bytes wanted; the file's length if that is less
     * @throws TractException LEASE_CONFLICT while a writer holds the file
     */
    FileDigest digest(String path, long length, DigestKind kind) throws TractException;

    /**
     * The files at and below a path that have bytes which no store can give, as far as reads and scrubs have found out.
     *
     * @throws TractException PERMISSION_DENIED unless the caller is a superuser
     */
    CorruptFiles corruptFiles(String path) throws TractException;

    /**
     * Asks for safe mode, or enters or leaves it, for which one has to be a superuser.
     *
     * @return whether the namespace takes no changes afterwards
     */
    boolean safeMode(SafeModeChange change) throws TractException;

    /** Ends the session; open outputs are not completed. Twice is a no-op. */
    @Override
    void close();
}
