package io.tractfs.metadata.server;

import io.tractfs.metadata.namespace.KeyValueException;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.raft.JoinedLog;
import io.tractfs.metadata.rocks.ReplaceableKeyValueStore;
import io.tractfs.metadata.rocks.RocksKeyValueStore;
import io.tractfs.metadata.rocks.RocksLimits;
import io.tractfs.wire.checkpoint.CheckpointArchive;
import io.tractfs.wire.checkpoint.CheckpointDirectory;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.CheckpointHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the directory of a metadata server out of a backup (P30). The log begins behind what the backup has; each of several
 * servers gets the same. Stateless.
 */
final class RestoredDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredDirectory.class);

    private RestoredDirectory() {}

    /**
     * Makes it; it is whole once it has its name.
     *
     * @param root an empty or absent directory
     * @param backup what {@code admin metadata backup} wrote
     * @param without names of tract servers, or ids of stores, that will not come back
     * @throws IOException if the directory is not empty, or the backup is not whole
     */
    static void make(Path root, Path backup, Collection<String> without) throws IOException {
        Path absolute = root.toAbsolutePath();
        MetadataDirectory.requireEmpty(absolute);
        Path made = absolute.resolveSibling(absolute.getFileName() + ".restoring");
        ReplaceableKeyValueStore.delete(made);
        Path tables = absolute.resolveSibling(absolute.getFileName() + ".tables");
        ReplaceableKeyValueStore.delete(tables);
        Files.createDirectories(absolute.getParent());
        CheckpointHead head = CheckpointArchive.read(backup, new CheckpointDirectory(tables));
        CheckpointInstall.positionOf(tables, head.getAppliedIndex());
        mark(tables, without);
        MetadataDirectory.format(made, IdCodec.cluster(head.getClusterId()), UUID.randomUUID());
        JoinedLog.make(made.resolve("log"), tables, head.getTerm(), "");
        Files.move(tables, made.resolve("namespace"), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(absolute);
        Files.move(made, absolute, StandardCopyOption.ATOMIC_MOVE);
        LOG.warn(
                "event=restored directory={} backup={} epoch={} applied={} without={}",
                absolute,
                backup,
                head.getEpoch(),
                head.getAppliedIndex(),
                without);
    }

    private static void mark(Path tables, Collection<String> without) throws IOException {
        try (RocksKeyValueStore opened = RocksKeyValueStore.open(tables, RocksLimits.SMALL)) {
            NamespaceState.markRestored(opened, without);
        } catch (KeyValueException e) {
            throw new IOException("The tables in " + tables + " cannot be written: " + e.getMessage(), e);
        }
    }
}
