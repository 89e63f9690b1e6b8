package io.tractfs.wire.auth;

import io.tractfs.id.ClientId;
import java.net.InetSocketAddress;
import java.util.UUID;

/**
 * Who sent one request, and under which name the request is known to the retry cache. Immutable.
 *
 * @param effectiveUser user whose rights the call uses
 * @param realUser user who authenticated
 * @param remoteAddress where the connection comes from
 * @param clientId session of the client, {@link #NO_CLIENT} for calls that need none
 * @param callId number of the call in the session, the same for every attempt
 * @param attempt 0 for the first attempt
 */
public record Caller(
        String effectiveUser,
        String realUser,
        InetSocketAddress remoteAddress,
        ClientId clientId,
        long callId,
        int attempt) {
    /** Stands for "no session": such a call has no place in the retry cache. */
    public static final ClientId NO_CLIENT = new ClientId(new UUID(0, 0));

    /** Whether the call belongs to a session. */
    public boolean hasClient() {
        return !clientId.equals(NO_CLIENT);
    }
}
