package io.tractfs.metadata.server;

import io.tractfs.error.TractException;
import java.net.InetAddress;

/** Decides whether a user may act as another one; may look groups up, so it may block. Thread-safe. */
@FunctionalInterface
public interface ProxyPolicy {
    /** Nobody may. */
    ProxyPolicy NOBODY = (realUser, effectiveUser, remote) -> {
        throw new TractException(
                io.tractfs.error.ErrorCode.AUTHENTICATION_FAILED,
                "User " + realUser + " may not act as " + effectiveUser);
    };

    /**
     * Allows by returning.
     *
     * @throws TractException AUTHENTICATION_FAILED if it is not allowed
     */
    void authorize(String realUser, String effectiveUser, InetAddress remote) throws TractException;
}
