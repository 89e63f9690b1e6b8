package io.tractfs.metadata.raft;

/** Is told of changes of leadership, in order, on a thread of the log; must not block. Thread-safe. */
public interface LeadershipListener {
    /** This peer leads and takes commands; the first one to submit is {@code ClusterCommand.TakeEpoch} (P12). */
    void onLeader();

    /** This peer does not lead any more. */
    void onFollower();
}
