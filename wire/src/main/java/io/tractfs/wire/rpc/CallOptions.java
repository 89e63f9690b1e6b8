package io.tractfs.wire.rpc;

import com.google.protobuf.ByteString;
import io.tractfs.id.ClientId;
import io.tractfs.wire.auth.Caller;

/**
 * What goes with a call besides its message. Immutable.
 *
 * @param clientId session of the client, {@link Caller#NO_CLIENT} for calls that are not in the retry cache
 * @param callId number of the call in the session, the same for every attempt
 * @param attempt 0 for the first attempt
 * @param timeoutMs how long the caller waits, in milliseconds, at least 1
 * @param capability authorisation of a data request, at most {@value #MAX_CAPABILITY_BYTES} bytes; empty while
 *     security is off
 */
public record CallOptions(ClientId clientId, long callId, int attempt, long timeoutMs, ByteString capability) {
    /** Most bytes of a capability. */
    public static final int MAX_CAPABILITY_BYTES = 4096;

    private static final long MAX_TIMEOUT_MS = Integer.MAX_VALUE;

    /** Checks the ranges. */
    public CallOptions {
        if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
            throw new IllegalArgumentException(
                    "expected a time-out of 1 to " + MAX_TIMEOUT_MS + " ms, got " + timeoutMs);
        }
        if (capability.size() > MAX_CAPABILITY_BYTES) {
            throw new IllegalArgumentException(
                    "expected a capability of at most " + MAX_CAPABILITY_BYTES + " bytes, got " + capability.size());
        }
    }

    /** Options of a call that is not in the retry cache. */
    public static CallOptions timeout(long timeoutMs) {
        return new CallOptions(Caller.NO_CLIENT, 0, 0, timeoutMs, ByteString.EMPTY);
    }

    /** Options of the first attempt of a call that the retry cache knows by client and number. */
    public static CallOptions of(ClientId clientId, long callId, long timeoutMs) {
        return new CallOptions(clientId, callId, 0, timeoutMs, ByteString.EMPTY);
    }

    /** The same call, tried again. */
    public CallOptions nextAttempt() {
        return new CallOptions(clientId, callId, attempt + 1, timeoutMs, capability);
    }

    /** The same options with another time-out. */
    public CallOptions withTimeout(long otherTimeoutMs) {
        return new CallOptions(clientId, callId, attempt, otherTimeoutMs, capability);
    }

    /** The same options with a capability. */
    public CallOptions withCapability(ByteString otherCapability) {
        return new CallOptions(clientId, callId, attempt, timeoutMs, otherCapability);
    }
}
