/**
 * The client's session: renewal in the background while outputs are open, and the writer's own view of its lease.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.lease;
