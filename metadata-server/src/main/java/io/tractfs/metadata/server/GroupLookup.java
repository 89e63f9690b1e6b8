package io.tractfs.metadata.server;

import java.io.IOException;
import java.util.Set;

/** Finds out which groups a user is in; may ask a directory service or start a process, so it may block. Thread-safe. */
@FunctionalInterface
public interface GroupLookup {
    /**
     * The groups of a user; empty if there are none or nobody knows the user.
     *
     * @throws IOException if the lookup itself failed
     */
    Set<String> groupsOf(String user) throws IOException;
}
