/**
 * Who calls: {@link io.tractfs.wire.auth.Identity} is what a client says of itself when it connects,
 * {@link io.tractfs.wire.auth.Caller} what a handler sees of one request. Used by clients and servers.
 */
@NullMarked
package io.tractfs.wire.auth;

import org.jspecify.annotations.NullMarked;
