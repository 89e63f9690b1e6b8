package io.tractfs.metadata.namespace;

import io.tractfs.metadata.permission.Attributes;
import io.tractfs.metadata.permission.Requester;
import org.jspecify.annotations.Nullable;

/**
 * A command with who asks for it and under which name; what is logged. Immutable.
 *
 * @param requester as whom
 * @param name name in the retry cache
 * @param command what
 * @param watcher in memory of the server that submitted the call; not logged
 */
public record Call(Requester requester, CallName name, Command command, Watcher watcher) {
    /** A call that nobody watches. */
    public Call(Requester requester, CallName name, Command command) {
        this(requester, name, command, Watcher.NOBODY);
    }

    /** Told, by the thread that applies, that the command took effect now, not that it is answered from the retry cache. */
    @FunctionalInterface
    public interface Watcher {
        /** Does not care. */
        Watcher NOBODY = subject -> {};

        /** The command took effect; must not block. The subject is the attributes of what it changed, if it says so. */
        void applied(@Nullable Attributes subject);
    }

    /** A command of the leader itself. */
    public static Call ofSystem(ClusterCommand command) {
        return new Call(Requester.SYSTEM, CallName.NONE, command);
    }
}
