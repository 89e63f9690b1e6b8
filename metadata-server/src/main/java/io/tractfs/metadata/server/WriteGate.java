package io.tractfs.metadata.server;

import io.tractfs.error.TractException;
import java.util.Optional;

/** Whether the leader may change and show the namespace (P12). Thread-safe. */
public interface WriteGate {
    /**
     * Empty if commands of users may be logged; else why not: STARTING, NOT_LEADER, or READ_ONLY while too few stores
     * have granted the epoch.
     */
    Optional<TractException> refusal();

    /** The same for commands that end or remove something: a full disk does not keep them out. */
    Optional<TractException> refusalToShrink();

    /** Empty if reads may be served; else STARTING (own epoch entry not applied yet) or NOT_LEADER. */
    Optional<TractException> readRefusal();
}
