package io.tractfs.metadata.namespace;

import io.tractfs.metadata.permission.Requester;

/**
 * A command with who asks for it and under which name; what is logged. Immutable.
 *
 * @param requester as whom
 * @param name name in the retry cache
 * @param command what
 */
public record Call(Requester requester, CallName name, Command command) {
    /** A command of the leader itself. */
    public static Call ofSystem(ClusterCommand command) {
        return new Call(Requester.SYSTEM, CallName.NONE, command);
    }
}
