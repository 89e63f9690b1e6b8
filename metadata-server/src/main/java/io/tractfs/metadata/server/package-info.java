/**
 * The metadata server's process: composition root, the loop that owns the assignment state, and the RPC handlers, which
 * decode, submit or read, and encode. {@link io.tractfs.metadata.server.NamespaceHandlers} registers the namespace.
 */
@NullMarked
package io.tractfs.metadata.server;

import org.jspecify.annotations.NullMarked;
