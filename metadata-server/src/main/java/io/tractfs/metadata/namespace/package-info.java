/**
 * The hard state: inodes, segments, open files, floors, epochs, the register of stores, the garbage log and the retry
 * cache, as a deterministic state machine {@code apply(entry, index) → results} over an ordered key-value store. Main
 * types: {@link io.tractfs.metadata.namespace.NamespaceState} (apply), {@link
 * io.tractfs.metadata.namespace.NamespaceReader} (reads on a snapshot), {@link
 * io.tractfs.metadata.namespace.ClusterRecords} (what the leader's soft state starts from). Called by the log's adapter
 * and the server; sees no consensus library, no database, no thread, clock or random source; Protobuf stops at the
 * classes named {@code *Codec}.
 */
@NullMarked
package io.tractfs.metadata.namespace;

import org.jspecify.annotations.NullMarked;
