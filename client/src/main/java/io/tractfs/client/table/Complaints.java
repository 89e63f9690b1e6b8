package io.tractfs.client.table;

import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.RowVersion;
import io.tractfs.table.StoreRef;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.ComplainRequest;
import io.tractfs.wire.proto.ComplainResponse;
import io.tractfs.wire.rpc.Methods;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the leader about members that do not answer or refuse (P16): at most one complaint about a member of a row in
 * some time, so that a failed store is not answered with a flood. Thread-safe.
 */
public final class Complaints {
    private static final long INTERVAL_MS = 300;
    /**
     * A member that refuses a version is not ill, it has moved on: it is named so that the leader supersedes what it
     * holds (A10), so rarely that the leader does not take it for a series that bars the member.
     */
    private static final long REFUSAL_INTERVAL_MS = 7_000;

    private static final long TRY_MS = 2_000;
    private static final int MOST_REMEMBERED = 4_096;

    private final MetadataCalls calls;
    private final Clock clock;
    private final Map<Subject, Long> sentMs = new ConcurrentHashMap<>();

    private record Subject(StoreRef member, int row) {}

    /** Complaints over some calls. */
    public Complaints(MetadataCalls calls, Clock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * Sends a complaint, unless the same was sent a moment ago. Nobody waits for it.
     *
     * @param version under which the client called
     * @param code what it saw
     * @param storeVersion that the store said it holds, if it refused
     */
    public void complain(StoreRef member, int row, RowVersion version, ErrorCode code, RowVersion storeVersion) {
        long nowMs = clock.monotonicMs();
        Subject subject = new Subject(member, row);
        Long last = sentMs.get(subject);
        long intervalMs = isRefusal(code) ? REFUSAL_INTERVAL_MS : INTERVAL_MS;
        if (last != null && nowMs - last < intervalMs) {
            return;
        }
        if (sentMs.size() >= MOST_REMEMBERED) {
            sentMs.clear();
        }
        sentMs.put(subject, nowMs);
        ComplainRequest request = ComplainRequest.newBuilder()
                .setMember(StoreCalls.reference(member))
                .addRows(row)
                .setVersion(version.value())
                .setErrorCode(code.number())
                .setStoreVersion(storeVersion.value())
                .build();
        CompletableFuture<ComplainResponse> unused = calls.read(Methods.COMPLAIN, request, TRY_MS);
    }

    private static boolean isRefusal(ErrorCode code) {
        return switch (code) {
            case STALE_VERSION, NOT_A_MEMBER, TRACT_NOT_FOUND, ROW_UNAVAILABLE, CLASS_FROZEN -> true;
            default -> false;
        };
    }
}
