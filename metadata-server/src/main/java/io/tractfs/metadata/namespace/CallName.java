package io.tractfs.metadata.namespace;

import io.tractfs.id.ClientId;
import java.util.UUID;

/**
 * Under which name a call is known to the retry cache, and which session holds what it opens. Immutable.
 *
 * @param client session
 * @param number number of the call in the session, the same for every attempt
 */
public record CallName(ClientId client, long number) {
    /** No session: the call is not in the retry cache and can hold no lease. */
    public static final ClientId NO_CLIENT = new ClientId(new UUID(0, 0));

    /** A call without a name. */
    public static final CallName NONE = new CallName(NO_CLIENT, 0);

    /** Whether the call belongs to a session. */
    public boolean hasClient() {
        return !client.equals(NO_CLIENT);
    }
}
