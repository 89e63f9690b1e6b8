/**
 * The tract server's process: {@link io.tractfs.tract.server.TractServer} puts it together, {@link
 * io.tractfs.tract.server.TractServerMain} starts it. Handlers decode, ask the gate, work on the store's own threads and
 * answer; each store has a control loop for the leader's orders and a reconcile loop; one thread talks to the metadata
 * server. Used by nobody else.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.tract.server;
