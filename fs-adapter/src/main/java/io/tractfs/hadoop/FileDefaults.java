package io.tractfs.hadoop;

import io.tractfs.client.Defaults;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.DataChecksum;
import org.jspecify.annotations.Nullable;

/**
 * Block size and replication for files that name none: {@code dfs.blocksize} and {@code dfs.replication} where somebody
 * set them, else the server's. Thread-safe.
 */
final class FileDefaults {
    /** What the methods of Hadoop that cannot fail answer while the cluster is out of reach. */
    static final long FALLBACK_BLOCK_SIZE = 128L << 20;

    static final int FALLBACK_REPLICATION = 3;

    private static final int PACKET_SIZE = 64 << 10;
    private static final String BLOCK_SIZE = "dfs.blocksize";
    private static final String REPLICATION = "dfs.replication";
    /**
     * HDFS's own defaults get into every configuration of a process that touches HDFS, and from there into the files of
     * jobs; nobody chose them. The first source of a value is where it came from.
     */
    private static final String NOT_CHOSEN = "hdfs-default.xml";

    private final Configuration configuration;
    private final ClusterSession session;

    /** Defaults for the files of a session. */
    FileDefaults(Configuration configuration, ClusterSession session) {
        this.configuration = configuration;
        this.session = session;
    }

    /** Bytes of a logical block. */
    long blockSize() {
        if (isChosen(BLOCK_SIZE)) {
            return configuration.getLongBytes(BLOCK_SIZE, FALLBACK_BLOCK_SIZE);
        }
        Defaults server = serverOrNull();
        return server == null ? FALLBACK_BLOCK_SIZE : server.blockSize();
    }

    /** Copies of a file. */
    int replication() {
        if (isChosen(REPLICATION)) {
            return configuration.getInt(REPLICATION, FALLBACK_REPLICATION);
        }
        Defaults server = serverOrNull();
        return server == null ? FALLBACK_REPLICATION : server.replication();
    }

    /** Permission of a new file that was to get one, or the default; the umask is taken off. */
    FsPermission filePermission(@Nullable FsPermission permission) {
        return masked(permission == null ? FsPermission.getFileDefault() : permission);
    }

    /** Permission of a new directory that was to get one, or the default; the umask is taken off. */
    FsPermission directoryPermission(@Nullable FsPermission permission) {
        return masked(permission == null ? FsPermission.getDirDefault() : permission);
    }

    private FsPermission masked(FsPermission permission) {
        return permission.applyUMask(FsPermission.getUMask(configuration));
    }

    /** What Hadoop calls the server's defaults. */
    FsServerDefaults server() throws IOException {
        session.ensureOpen();
        Defaults server = session.defaults();
        return new FsServerDefaults(
                blockSize(),
                server.bytesPerChecksum(),
                PACKET_SIZE,
                (short) replication(),
                configuration.getInt("io.file.buffer.size", 4096),
                false,
                server.trashIntervalMinutes(),
                DataChecksum.Type.CRC32C,
                "");
    }

    private boolean isChosen(String key) {
        if (configuration.get(key) == null) {
            return false;
        }
        String[] sources = configuration.getPropertySources(key);
        return sources == null || sources.length == 0 || !sources[0].endsWith(NOT_CHOSEN);
    }

    /** Null while the cluster cannot be reached: the call that follows will say so, these methods cannot. */
    private @Nullable Defaults serverOrNull() {
        try {
            return session.defaults();
        } catch (IOException e) {
            return null;
        }
    }
}
