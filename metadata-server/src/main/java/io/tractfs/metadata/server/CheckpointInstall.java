package io.tractfs.metadata.server;

import io.tractfs.metadata.namespace.KeyValueException;
import io.tractfs.metadata.namespace.LogPosition;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.raft.CheckpointInstaller;
import io.tractfs.metadata.raft.RaftPeerAddress;
import io.tractfs.metadata.rocks.ReplaceableKeyValueStore;
import io.tractfs.metadata.rocks.RocksKeyValueStore;
import io.tractfs.metadata.rocks.RocksLimits;
import io.tractfs.wire.checkpoint.CheckpointDirectory;
import io.tractfs.wire.checkpoint.CheckpointProxy;
import io.tractfs.wire.proto.CheckpointHead;
import io.tractfs.wire.rpc.RpcClient;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches checkpoints of the leader's namespace for a follower that is too far behind. Confined to one thread at a time. */
final class CheckpointInstall implements CheckpointInstaller {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointInstall.class);

    private final RpcClient client;
    private final ReplaceableKeyValueStore store;

    CheckpointInstall(RpcClient client, ReplaceableKeyValueStore store) {
        this.client = client;
        this.store = store;
    }

    @Override
    public LogPosition fetch(RaftPeerAddress leader) throws IOException {
        Path incoming = store.incoming();
        ReplaceableKeyValueStore.delete(incoming);
        CheckpointHead head = new CheckpointProxy(client, leader.rpc()).fetch(new CheckpointDirectory(incoming));
        LogPosition position = positionOf(incoming, head.getAppliedIndex());
        LOG.info("event=checkpoint-fetched leader={} applied={}", leader, position);
        return position;
    }

    /** Opens a checkpoint, which proves that it can be, and says how far the log is in it. */
    static LogPosition positionOf(Path directory, long least) throws IOException {
        try (RocksKeyValueStore opened = RocksKeyValueStore.open(directory, RocksLimits.SMALL)) {
            LogPosition position = new NamespaceState(opened).applied();
            if (position.index() < least) {
                throw new IOException("The checkpoint has applied the log through " + position.index() + ", not "
                        + least + " as was said");
            }
            return position;
        } catch (KeyValueException e) {
            throw new IOException("The checkpoint in " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void install() throws IOException {
        store.replace();
    }
}
