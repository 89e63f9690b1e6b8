/**
 * The client library: the public API for names and bytes, made by {@link io.tractfs.client.TractFsClients}. The Hadoop
 * adapter and the command line call it.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client;
