/**
 * What the clients of one JVM share: event loops, connections, the table; counted, and closed when idle.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.pool;
