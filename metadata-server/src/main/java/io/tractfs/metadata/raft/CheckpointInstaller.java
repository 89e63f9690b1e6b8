package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.LogPosition;
import java.io.IOException;

/** Brings the leader's state to a follower that is behind the start of the leader's log. */
public interface CheckpointInstaller {
    /**
     * Fetches a copy of the leader's state and verifies it; the present state stays as it is. Blocks.
     *
     * @return how far the log is in the copy
     */
    LogPosition fetch(RaftPeerAddress leader) throws IOException, InterruptedException;

    /** Puts the copy that was fetched last in the place of the present state, which nobody writes meanwhile. */
    void install() throws IOException;

    /** Of a log without peers. */
    CheckpointInstaller NONE = new CheckpointInstaller() {
        @Override
        public LogPosition fetch(RaftPeerAddress leader) throws IOException {
            throw new IOException("A log without peers has nobody to fetch a state from");
        }

        @Override
        public void install() throws IOException {
            throw new IOException("Nothing was fetched");
        }
    };
}
