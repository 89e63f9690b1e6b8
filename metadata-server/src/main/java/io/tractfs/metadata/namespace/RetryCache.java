package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClientId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Results of calls, kept with the state, so that a call that is sent again takes effect once, also under the next leader
 * (P34). Each session has {@value #SLOTS} slots; a call has the slot of its number modulo that, so the cache bounds
 * itself without bookkeeping: a newer call in the slot means that the older one is past the bound and is refused, not
 * carried out. A call whose number says that it began longer ago than the retention is refused likewise, also if its
 * session is forgotten, and so is one whose result is older. Sessions without calls for {@value #SESSION_RETENTION_MS} ms
 * are forgotten, a bounded number at each full minute of logged time, and earlier ones if there are too many, but none
 * within the retention. Confined to the thread
 * that applies.
 */
final class RetryCache {
    /** Calls that are remembered of a session. */
    static final int SLOTS = 4096;

    /** How long a session without calls is remembered. */
    static final long SESSION_RETENTION_MS = 24L * 60 * 60 * 1000;

    /** Most sessions that are remembered, roughly; past it, those that are silent for the retention go. */
    static final long MAX_SESSIONS = 100_000;

    /** Most sessions that are forgotten at once. */
    static final int FORGOTTEN_AT_ONCE = 1000;

    /** Bits of a call's number that count; those above are the server's time at which it began, if the client knew it. */
    static final int COUNTER_BITS = 22;

    private static final long MINUTE_MS = 60_000;

    private RetryCache() {}

    /** What the call gave before, or a refusal if nobody knows any more; empty for a new call. */
    static Optional<Result> find(KeyValueView view, CallName name, long timeMs, long retentionMs) {
        long beganMs = name.number() >>> COUNTER_BITS;
        if (beganMs > 0 && timeMs - beganMs > retentionMs) {
            return Optional.of(tooOld(name));
        }
        byte[] value = view.get(KeySpace.CALLS, slot(name));
        if (value == null) {
            return Optional.empty();
        }
        RememberedCall call = ResultCodec.decode(value);
        int order = Long.compareUnsigned(name.number(), call.number());
        if (order > 0) {
            return Optional.empty();
        }
        if (order == 0 && timeMs - call.timeMs() <= retentionMs) {
            return Optional.of(call.result());
        }
        return Optional.of(tooOld(name));
    }

    private static Result tooOld(CallName name) {
        return new Result.Refused(
                ErrorCode.CALL_TOO_OLD,
                "Call " + Long.toUnsignedString(name.number()) + " of client " + name.client()
                        + " is older than what is remembered; whether it took effect before is not known");
    }

    /** Remembers a result. */
    static void remember(Transaction transaction, CallName name, long timeMs, Result result) {
        if (ResultCodec.isKept(result)) {
            transaction.put(
                    KeySpace.CALLS, slot(name), ResultCodec.encode(new RememberedCall(name.number(), timeMs, result)));
            touch(transaction, name.client(), timeMs);
        }
    }

    private static byte[] slot(CallName name) {
        return Keys.ofCallSlot(name.client(), (int) Long.remainderUnsigned(name.number(), SLOTS));
    }

    /** Notes that a session is alive, to the minute. */
    private static void touch(Transaction transaction, ClientId client, long timeMs) {
        byte[] key = Keys.ofUuid(client.value());
        byte[] last = transaction.get(KeySpace.SESSIONS, key);
        if (last == null) {
            transaction.counters().sessionCount++;
        }
        if (last == null || timeMs - Keys.toLong(last) >= MINUTE_MS) {
            transaction.put(KeySpace.SESSIONS, key, Keys.ofLong(timeMs));
        }
    }

    /** Forgets sessions when logged time has come to another minute. */
    static void expire(Transaction transaction, long beforeMs, long timeMs, long retentionMs) {
        if (beforeMs / MINUTE_MS == timeMs / MINUTE_MS) {
            return;
        }
        long excess = transaction.counters().sessionCount - MAX_SESSIONS;
        List<byte[]> forgotten = new ArrayList<>();
        transaction.scan(KeySpace.SESSIONS, Keys.EMPTY, (key, value) -> {
            long silentMs = timeMs - Keys.toLong(value);
            if (silentMs > SESSION_RETENTION_MS || (forgotten.size() < excess && silentMs > retentionMs + MINUTE_MS)) {
                forgotten.add(key);
            }
            return forgotten.size() < FORGOTTEN_AT_ONCE;
        });
        forgotten.forEach(session -> forget(transaction, session));
    }

    private static void forget(Transaction transaction, byte[] session) {
        List<byte[]> slots = new ArrayList<>();
        transaction.scan(KeySpace.CALLS, session, (key, value) -> slots.add(key));
        slots.forEach(slot -> transaction.delete(KeySpace.CALLS, slot));
        transaction.delete(KeySpace.SESSIONS, session);
        transaction.counters().sessionCount--;
    }
}
