/**
 * Calls over connections: {@link io.tractfs.wire.rpc.RpcClient} sends, {@link io.tractfs.wire.rpc.RpcServer} serves,
 * both with bounded calls in flight, deadlines and raw bodies. {@link io.tractfs.wire.rpc.Methods} lists what can be
 * called. Used by the client library and by both servers.
 */
@NullMarked
package io.tractfs.wire.rpc;

import org.jspecify.annotations.NullMarked;
