package io.tractfs.metadata.raft;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who has a connection to the port of the log's peers. Those that have not said what they speak have places of their own, and
 * the oldest of them makes room for a new one: so whoever connects and says nothing keeps no peer out, which says it at
 * once. Thread-safe.
 */
final class RaftPortPlaces {
    private final int most;
    private final Set<RaftConnection> silent = new LinkedHashSet<>();
    private int speaking;

    /** Places for so many of either kind. */
    RaftPortPlaces(int most) {
        this.most = most;
    }

    /** One has come; the one that has to go for it, if any. */
    synchronized Optional<RaftConnection> came(RaftConnection connection) {
        Optional<RaftConnection> oldest = silent.size() < most
                ? Optional.empty()
                : Optional.of(silent.iterator().next());
        oldest.ifPresent(silent::remove);
        silent.add(connection);
        return oldest;
    }

    /** One has said that it speaks HTTP/2; false if as many as there may be do. */
    synchronized boolean spoke(RaftConnection connection) {
        silent.remove(connection);
        if (speaking == most) {
            return false;
        }
        speaking++;
        return true;
    }

    /** One has ended. */
    synchronized void ended(RaftConnection connection, boolean spoke) {
        silent.remove(connection);
        if (spoke) {
            speaking--;
        }
    }
}
