package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.metadata.raft.JoinedLog;
import io.tractfs.metadata.raft.RaftPeerAddress;
import io.tractfs.metadata.rocks.ReplaceableKeyValueStore;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.checkpoint.CheckpointDirectory;
import io.tractfs.wire.checkpoint.CheckpointProxy;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.CheckpointHead;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the directory of a metadata server that lost its own out of a checkpoint of the leader. A peer that forgot what it
 * had acknowledged and for whom it had voted must not vote before it knows at least as much again: what was acknowledged is
 * in the checkpoint, since the leader confirms its leadership while this peer is away, and its vote of the leader's term
 * counts as given to the leader. Confined to one thread.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final long LIMIT_MS = TimeUnit.SECONDS.toMillis(120);
    private static final long PAUSE_MS = 300;

    private final MetadataConfig config;
    private final Optional<ClusterId> cluster;

    /**
     * A server that is to join.
     *
     * @param cluster that it has to be; empty for whatever the others are
     */
    Joining(MetadataConfig config, Optional<ClusterId> cluster) {
        this.config = config;
        this.cluster = cluster;
    }

    /**
     * Makes the directory, which is whole once it has its name.
     *
     * @throws IOException if the directory is not empty, or no other server leads within two minutes
     */
    void run() throws IOException, InterruptedException {
        Path root = config.directory().toAbsolutePath();
        MetadataDirectory.requireEmpty(root);
        Path made = root.resolveSibling(root.getFileName() + ".joining");
        ReplaceableKeyValueStore.delete(made);
        Path fetched = root.resolveSibling(root.getFileName() + ".fetched");
        ReplaceableKeyValueStore.delete(fetched);
        Files.createDirectories(fetched.getParent());
        CheckpointHead head = fetch(fetched);
        MetadataDirectory.format(made, cluster(head), UUID.randomUUID());
        JoinedLog.make(made.resolve("log"), fetched, head.getTerm(), head.getMetadataServer());
        Files.move(fetched, made.resolve("namespace"), StandardCopyOption.ATOMIC_MOVE);
        CheckpointInstall.positionOf(made.resolve("namespace"), head.getAppliedIndex());
        Files.deleteIfExists(root);
        Files.move(made, root, StandardCopyOption.ATOMIC_MOVE);
        LOG.info(
                "event=joined directory={} leader={} term={} applied={}",
                root,
                head.getMetadataServer(),
                head.getTerm(),
                head.getAppliedIndex());
    }

    private ClusterId cluster(CheckpointHead head) throws IOException {
        ClusterId found = IdCodec.cluster(head.getClusterId());
        if (cluster.isPresent() && !cluster.get().equals(found)) {
            throw new IOException("The other metadata servers are of cluster " + found + ", not " + cluster.get());
        }
        return found;
    }

    private CheckpointHead fetch(Path into) throws IOException, InterruptedException {
        List<RaftPeerAddress> others = config.peers().stream()
                .filter(peer -> !peer.name().equals(config.name()))
                .toList();
        if (others.isEmpty()) {
            throw new IOException(
                    "There is no other metadata server to join: " + MetadataConfig.PEERS.name() + " names none");
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
        TractException last = new TractException(ErrorCode.NOT_LEADER, "nobody was asked");
        try (EventLoops loops = new EventLoops("metadata-join", 1);
                RpcClient client = new RpcClient(
                        RpcClientConfig.defaults().amongSeveral(),
                        Identity.of(config.superuser(), null, "tractfs-metadata"),
                        loops)) {
            while (System.nanoTime() - deadline < 0) {
                for (RaftPeerAddress other : others) {
                    try {
                        return new CheckpointProxy(client, other.rpc())
                                .withLog()
                                .fetch(new CheckpointDirectory(into));
                    } catch (TractException e) {
                        LOG.info("event=not-joined at={} code={} reason=\"{}\"", other, e.code(), e.getMessage());
                        last = e;
                        ReplaceableKeyValueStore.delete(into);
                    }
                }
                Thread.sleep(PAUSE_MS);
            }
        }
        throw new IOException(
                "No other metadata server leads, so this one cannot join: start the others first (" + last.getMessage()
                        + ")",
                last);
    }
}
