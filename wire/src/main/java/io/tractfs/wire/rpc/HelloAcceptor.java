package io.tractfs.wire.rpc;

import io.tractfs.error.TractException;
import io.tractfs.wire.auth.Identity;
import java.net.InetSocketAddress;

/**
 * Decides who may connect, once protocol, cluster and features agree. Called on an event loop: it must not block.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface HelloAcceptor {
    /** Accepts everybody, also who acts for another: what a call may do, the called server decides by other means. */
    HelloAcceptor ANYBODY = (identity, remote) -> {};

    /** Accepts everybody who acts as himself, and nobody who acts for another. */
    HelloAcceptor NO_PROXIES = (identity, remote) -> {
        if (identity.isProxied()) {
            throw new TractException(
                    io.tractfs.error.ErrorCode.AUTHENTICATION_FAILED,
                    "user " + identity.realUser() + " may not act as " + identity.effectiveUser());
        }
    };

    /**
     * Accepts a peer by returning.
     *
     * @throws TractException refuses it; code and text go to the peer
     */
    void accept(Identity identity, InetSocketAddress remote) throws TractException;
}
