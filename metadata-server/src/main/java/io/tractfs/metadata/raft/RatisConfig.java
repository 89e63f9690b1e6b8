package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.wire.rpc.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the replicated log is kept. Immutable.
 *
 * @param directory where Ratis keeps its files
 * @param peer name of this peer
 * @param bind where peers reach this one; port 0 picks one
 * @param peers all peers, this one among them; empty if it is alone
 * @param electionMs least silence of a leader after which a follower stands for election
 * @param retentionMs how long results are kept for retries
 * @param namespaceLimits what commands are held to
 * @param snapshotEntries entries after which the log is cut
 * @param snapshotBytes bytes of entries after which the log is cut
 * @param snapshotIntervalMs time after which the log is cut if there is anything to cut
 * @param limits bounds of the way into the log
 * @param port bounds of the port of the peers
 */
public record RatisConfig(
        Path directory,
        String peer,
        HostPort bind,
        List<RaftPeerAddress> peers,
        long electionMs,
        long retentionMs,
        NamespaceLimits namespaceLimits,
        long snapshotEntries,
        long snapshotBytes,
        long snapshotIntervalMs,
        BatchLimits limits,
        RaftPortLimits port) {
    /** Copies the list. */
    public RatisConfig {
        peers = List.copyOf(peers);
    }

    /** Whether this peer keeps the log alone. */
    boolean isAlone() {
        return peers.size() <= 1;
    }

    /** A peer by its name. */
    Optional<RaftPeerAddress> peer(String name) {
        return peers.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
