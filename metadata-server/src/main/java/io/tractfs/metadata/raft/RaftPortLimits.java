package io.tractfs.metadata.raft;

/**
 * What whoever connects to the port of the log's peers is held to. Immutable.
 *
 * @param connections most connections that speak HTTP/2; more are closed. As many may say nothing yet, then the oldest of those is closed
 * @param helloMs time that a connection has to say that it speaks HTTP/2, as peers do
 * @param idleMs time that a connection may be without calls; peers connect again when they need it
 */
public record RaftPortLimits(int connections, long helloMs, long idleMs) {
    /** What a server has unless it is told otherwise: three peers have a dozen connections to each. */
    public static final RaftPortLimits DEFAULT = new RaftPortLimits(128, 10_000, 300_000);
}
