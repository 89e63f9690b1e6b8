package io.tractfs.metadata.raft;

/**
 * What one peer knows of another. Immutable.
 *
 * @param peer the other one
 * @param leads whether it is thought to lead
 * @param lag entries that the leader has and is not known to have delivered; 0 unless the one that says it leads
 * @param silentMs time since the leader heard of it; 0 unless the one that says it leads
 */
public record PeerStatus(RaftPeerAddress peer, boolean leads, long lag, long silentMs) {}
