/**
 * The replicated log under the namespace: {@link io.tractfs.metadata.raft.CommandLog} is what the server submits to;
 * {@link io.tractfs.metadata.raft.RatisCommandLog} keeps it on Apache Ratis, {@link
 * io.tractfs.metadata.raft.InMemoryCommandLog} in memory for tests. Called by the server only.
 */
@NullMarked
package io.tractfs.metadata.raft;

import org.jspecify.annotations.NullMarked;
