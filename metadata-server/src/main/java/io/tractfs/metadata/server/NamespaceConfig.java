package io.tractfs.metadata.server;

import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.NamespaceLimits;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Settings of the namespace. Immutable.
 *
 * @param defaults what applies to new files; fixed in the layout when the cluster is formatted
 * @param supergroup group whose members are superusers
 * @param softLimit silence of a writer after which another client may take its files
 * @param hardLimit silence of a writer after which the server takes them
 * @param retryRetention how long results are kept for retries
 * @param trash when users' trash is emptied
 * @param accessTimePrecision age of an access time before a read sets it anew; 0 if none does
 * @param groupCache how long a user's groups are kept
 * @param readThreads threads that read
 * @param logCut when the log is cut
 * @param limits what commands are held to
 * @param audit what the audit log has
 */
public record NamespaceConfig(
        FileDefaults defaults,
        String supergroup,
        Duration softLimit,
        Duration hardLimit,
        Duration retryRetention,
        Trash trash,
        Duration accessTimePrecision,
        Duration groupCache,
        int readThreads,
        LogCut logCut,
        NamespaceLimits limits,
        Audit audit) {
    /** Tract size of new files. */
    public static final Key<Long> TRACT_SIZE = Key.size(
            "tract.metadata.tract.size",
            "8MiB",
            FileDefaults.MIN_TRACT_SIZE,
            FileDefaults.MAX_TRACT_SIZE,
            "Bytes of a tract of new files, a power of two. Fixed when the cluster is formatted.");

    /** Replication of new files. */
    public static final Key<Integer> REPLICATION = Key.count(
            "tract.metadata.replication",
            3,
            1,
            FileDefaults.MAX_REPLICATION,
            "Replication of files whose client names none. Fixed when the cluster is formatted.");

    /** Logical block size of new files. */
    public static final Key<Long> BLOCK_SIZE = Key.size(
            "tract.metadata.block.size",
            "128MiB",
            1,
            1L << 40,
            "Logical block size of files whose client names none. Fixed when the cluster is formatted.");

    /** Write window of new files. */
    public static final Key<Integer> WINDOW = Key.count(
            "tract.metadata.window",
            4,
            1,
            FileDefaults.MAX_WINDOW,
            "Tracts that the writer of a file may have in flight. Fixed when the cluster is formatted.");

    /** Group of superusers. */
    public static final Key<String> SUPERGROUP = Key.text(
            "tract.metadata.supergroup",
            "supergroup",
            "Group whose members are superusers; also the group of the first directories.");

    /** Soft limit of leases. */
    public static final Key<Duration> LEASE_SOFT = Key.duration(
            "tract.metadata.lease.soft",
            "60s",
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            "Silence of a writer after which another client may take its files.");

    /** Hard limit of leases. */
    public static final Key<Duration> LEASE_HARD = Key.duration(
            "tract.metadata.lease.hard",
            "20m",
            Duration.ofSeconds(1),
            Duration.ofDays(7),
            "Silence of a writer after which the server closes its files; at least the soft limit.");

    /** Retention of results. */
    public static final Key<Duration> RETRY_RETENTION = Key.duration(
            "tract.metadata.retry.cache.retention",
            "10m",
            Duration.ofSeconds(1),
            Duration.ofDays(1),
            "How long the result of a call is kept for its retries; a retry that comes later is refused.");

    /** Trash interval. */
    public static final Key<Integer> TRASH_INTERVAL = Key.count(
            "tract.metadata.trash.interval",
            0,
            0,
            Integer.MAX_VALUE,
            "Minutes after which users' trash is emptied, told to clients; 0 turns trash off.");

    /** Pause between checkpoints of trash. */
    public static final Key<Integer> TRASH_CHECKPOINT_INTERVAL = Key.count(
            "tract.metadata.trash.checkpoint.interval",
            0,
            0,
            Integer.MAX_VALUE,
            "Minutes between two checkpoints of users' trash, at most the trash interval; 0 stands for that.");

    /** Precision of access times. */
    public static final Key<Duration> ACCESS_TIME_PRECISION = Key.duration(
            "tract.metadata.access.time.precision",
            "1h",
            Duration.ofMillis(0),
            Duration.ofDays(365),
            "Age that a file's access time must have before reading the file sets it anew; 0 never sets it by reading.");

    /** How long groups are kept. */
    public static final Key<Duration> GROUP_CACHE = Key.duration(
            "tract.metadata.group.cache",
            "30s",
            Duration.ofMillis(0),
            Duration.ofHours(1),
            "How long a user's groups and rights as a proxy are kept.");

    /** Threads that read. */
    public static final Key<Integer> READ_THREADS =
            Key.count("tract.metadata.read.threads", 4, 1, 256, "Threads that read the namespace.");

    /** Entries after which the log is cut. */
    public static final Key<Integer> SNAPSHOT_ENTRIES = Key.count(
            "tract.metadata.snapshot.entries",
            50_000,
            100,
            Integer.MAX_VALUE,
            "Entries of the log after which the namespace is flushed and the log cut.");

    /** Bytes after which the log is cut. */
    public static final Key<Long> SNAPSHOT_BYTES = Key.size(
            "tract.metadata.snapshot.bytes",
            "16MiB",
            1 << 20,
            1L << 34,
            "Bytes of the log after which the namespace is flushed and the log cut.");

    /** Time after which the log is cut. */
    public static final Key<Duration> SNAPSHOT_INTERVAL = Key.duration(
            "tract.metadata.snapshot.interval",
            "10m",
            Duration.ofSeconds(1),
            Duration.ofDays(7),
            "Time after which the namespace is flushed and the log cut, if anything was logged.");

    /** Longest name. */
    public static final Key<Integer> NAME_BYTES = Key.count(
            "tract.metadata.name.bytes",
            NamespaceLimits.HDFS.nameBytes(),
            1,
            4096,
            "Longest name of a file or directory, in bytes of UTF-8.");

    /** Most entries of a directory. */
    public static final Key<Integer> DIRECTORY_ITEMS = Key.count(
            "tract.metadata.directory.items",
            (int) NamespaceLimits.HDFS.directoryItems(),
            1,
            Integer.MAX_VALUE,
            "Most entries of a directory.");

    /** Most segments of a file. */
    public static final Key<Integer> FILE_SEGMENTS = Key.count(
            "tract.metadata.file.segments",
            NamespaceLimits.HDFS.segments(),
            2,
            100_000,
            "Most segments of a file. Concatenation, and appending after a writer's death, a truncation or a change of"
                    + " replication add one; a copy of the file has one.");

    /** Smallest block size. */
    public static final Key<Long> BLOCK_SIZE_MIN = Key.size(
            "tract.metadata.block.size.min",
            "0",
            0,
            1L << 40,
            "Smallest logical block size that a file may be created with. HDFS refuses less than 1 MiB, since blocks cost"
                    + " it memory; here they cost nothing.");

    /** Largest replication. */
    public static final Key<Integer> REPLICATION_MAX = Key.count(
            "tract.metadata.replication.max",
            NamespaceLimits.HDFS.maxReplication(),
            1,
            FileDefaults.MAX_REPLICATION,
            "Largest replication of a file.");

    /** Whether there is an audit log. */
    public static final Key<Boolean> AUDIT = Key.flag(
            "tract.metadata.audit",
            true,
            "Whether calls to the namespace are written to the audit log, in HDFS's form.");

    /** What the audit log leaves out. */
    public static final Key<String> AUDIT_SKIP = Key.text(
            "tract.metadata.audit.skip",
            "",
            "Operations that the audit log leaves out, separated by commas, as it names them: getfileinfo,listStatus.");

    /** Every key, for the docs. */
    public static final List<Key<?>> KEYS = List.of(
            TRACT_SIZE,
            REPLICATION,
            BLOCK_SIZE,
            WINDOW,
            SUPERGROUP,
            LEASE_SOFT,
            LEASE_HARD,
            RETRY_RETENTION,
            TRASH_INTERVAL,
            TRASH_CHECKPOINT_INTERVAL,
            ACCESS_TIME_PRECISION,
            GROUP_CACHE,
            READ_THREADS,
            SNAPSHOT_ENTRIES,
            SNAPSHOT_BYTES,
            SNAPSHOT_INTERVAL,
            NAME_BYTES,
            DIRECTORY_ITEMS,
            FILE_SEGMENTS,
            BLOCK_SIZE_MIN,
            REPLICATION_MAX,
            AUDIT,
            AUDIT_SKIP);

    /**
     * When the log is cut; whichever comes first. Immutable.
     *
     * @param entries entries since the last time
     * @param bytes bytes of them
     * @param interval time since then
     */
    public record LogCut(long entries, long bytes, Duration interval) {}

    /**
     * When users' trash is emptied. Immutable.
     *
     * @param intervalMinutes age at which it goes, told to clients; 0 if trash is off
     * @param checkpointMinutes pause between checkpoints; 0 stands for the age
     */
    public record Trash(int intervalMinutes, int checkpointMinutes) {}

    /**
     * What the audit log has. Immutable.
     *
     * @param enabled whether it has anything
     * @param skipped operations that it leaves out
     */
    public record Audit(boolean enabled, Set<String> skipped) {}

    /** Reads the settings; problems are kept by the reader. */
    public static NamespaceConfig read(Settings.Reader reader) {
        long tractSize = reader.get(TRACT_SIZE);
        if (!FileDefaults.isTractSize(tractSize)) {
            reader.problem(TRACT_SIZE.name() + " = " + tractSize + ": expected a power of two");
            tractSize = Key.parseSize(TRACT_SIZE.defaultText());
        }
        Duration soft = reader.get(LEASE_SOFT);
        Duration hard = reader.get(LEASE_HARD);
        if (hard.compareTo(soft) < 0) {
            reader.problem(LEASE_HARD.name() + " = " + hard + ": expected at least " + LEASE_SOFT.name());
        }
        return new NamespaceConfig(
                new FileDefaults((int) tractSize, reader.get(REPLICATION), reader.get(BLOCK_SIZE), reader.get(WINDOW)),
                reader.get(SUPERGROUP),
                soft,
                hard,
                reader.get(RETRY_RETENTION),
                new Trash(reader.get(TRASH_INTERVAL), reader.get(TRASH_CHECKPOINT_INTERVAL)),
                reader.get(ACCESS_TIME_PRECISION),
                reader.get(GROUP_CACHE),
                reader.get(READ_THREADS),
                new LogCut(reader.get(SNAPSHOT_ENTRIES), reader.get(SNAPSHOT_BYTES), reader.get(SNAPSHOT_INTERVAL)),
                new NamespaceLimits(
                        reader.get(NAME_BYTES),
                        reader.get(DIRECTORY_ITEMS),
                        reader.get(FILE_SEGMENTS),
                        reader.get(BLOCK_SIZE_MIN),
                        reader.get(REPLICATION_MAX)),
                new Audit(
                        reader.get(AUDIT),
                        Set.copyOf(List.of(reader.get(AUDIT_SKIP).trim().split("\\s*,\\s*")))));
    }
}
