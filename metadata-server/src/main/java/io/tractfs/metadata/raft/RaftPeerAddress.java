package io.tractfs.metadata.raft;

import io.tractfs.wire.rpc.HostPort;

/**
 * One of the metadata servers that keep the log together. Immutable.
 *
 * @param name of the server, which is also the name of its peer
 * @param rpc where it answers calls
 * @param raft where its peers reach it
 */
public record RaftPeerAddress(String name, HostPort rpc, HostPort raft) {
    /**
     * Reads {@code name=host:port/host:port}: where calls are answered, then where peers are.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static RaftPeerAddress parse(String text) {
        int equals = text.indexOf('=');
        int slash = text.indexOf('/', equals + 1);
        if (equals <= 0 || slash < 0) {
            throw new IllegalArgumentException("expected name=host:port/host:port, got '" + text + "'");
        }
        return new RaftPeerAddress(
                text.substring(0, equals).trim(),
                HostPort.parse(text.substring(equals + 1, slash)),
                HostPort.parse(text.substring(slash + 1)));
    }

    /** The form that {@link #parse(String)} reads. */
    @Override
    public String toString() {
        return name + "=" + rpc + "/" + raft;
    }
}
