package io.tractfs.wire.auth;

import io.tractfs.id.ClusterId;
import org.jspecify.annotations.Nullable;

/**
 * What one side says of itself when a connection begins. Immutable.
 *
 * @param effectiveUser user whose rights the calls use
 * @param realUser user who started the program; differs from the effective one for a proxy user only
 * @param clusterId cluster that the connection must belong to; null while it is not known
 * @param software version of the software, for logs
 */
public record Identity(
        String effectiveUser, String realUser, @Nullable ClusterId clusterId, String software) {
    /** Longest name of a user, in characters. */
    public static final int MAX_USER_LENGTH = 255;

    /** An identity whose effective user is its real user. */
    public static Identity of(String user, @Nullable ClusterId clusterId, String software) {
        return new Identity(user, user, clusterId, software);
    }

    /** Whether a text can name a user: neither empty nor overlong, and free of control characters. */
    public static boolean isUserName(String text) {
        return !text.isBlank()
                && text.length() <= MAX_USER_LENGTH
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** Whether one user acts as another. */
    public boolean isProxied() {
        return !effectiveUser.equals(realUser);
    }
}
