package io.tractfs.error;

import java.util.HashMap;
import java.util.Map;

/**
 * Every operating error. Numbers are part of the wire contract and are never reused: 1–99 RPC, 100–199 namespace,
 * 200–299 leases and open files, 300–399 table and leadership, 400–499 tracts and stores. Immutable.
 */
public enum ErrorCode {
    // RPC
    INTERNAL(1, ErrorClass.FAIL),
    DEADLINE_EXCEEDED(2, ErrorClass.UNKNOWN),
    CONNECTION_LOST(3, ErrorClass.UNKNOWN),
    CONNECT_FAILED(4, ErrorClass.RETRY),
    UNKNOWN_METHOD(5, ErrorClass.FAIL),
    MALFORMED(6, ErrorClass.FAIL),
    TOO_LARGE(7, ErrorClass.FAIL),
    BUSY(8, ErrorClass.RETRY),
    PROTOCOL_MISMATCH(9, ErrorClass.FAIL),
    WRONG_CLUSTER(10, ErrorClass.FAIL),
    UNSUPPORTED(11, ErrorClass.FAIL),
    SHUTTING_DOWN(12, ErrorClass.RETRY),
    AUTHENTICATION_FAILED(13, ErrorClass.FAIL),
    IO_ERROR(14, ErrorClass.FAIL),
    EXPIRED_BEFORE_START(15, ErrorClass.RETRY),
    // Namespace
    NOT_FOUND(100, ErrorClass.FAIL),
    ALREADY_EXISTS(101, ErrorClass.FAIL),
    NOT_A_DIRECTORY(102, ErrorClass.FAIL),
    IS_A_DIRECTORY(103, ErrorClass.FAIL),
    NOT_EMPTY(104, ErrorClass.FAIL),
    PERMISSION_DENIED(105, ErrorClass.FAIL),
    INVALID_PATH(106, ErrorClass.FAIL),
    INVALID_ARGUMENT(107, ErrorClass.FAIL),
    QUOTA_EXCEEDED(108, ErrorClass.FAIL),
    PARENT_NOT_DIRECTORY(109, ErrorClass.FAIL),
    PARENT_NOT_FOUND(110, ErrorClass.FAIL),
    RENAME_INTO_SELF(111, ErrorClass.FAIL),
    PATH_TOO_LONG(112, ErrorClass.FAIL),
    CALL_TOO_OLD(113, ErrorClass.FAIL),
    READ_ONLY(114, ErrorClass.RETRY),
    NAME_TOO_LONG(115, ErrorClass.FAIL),
    TOO_MANY_ENTRIES(116, ErrorClass.FAIL),
    SAFE_MODE(117, ErrorClass.FAIL),
    // Leases and open files
    LEASE_CONFLICT(200, ErrorClass.FAIL),
    LEASE_EXPIRED(201, ErrorClass.FAIL),
    RECOVERY_IN_PROGRESS(202, ErrorClass.RETRY),
    GENERATION_FENCED(203, ErrorClass.FAIL),
    SEGMENT_ENDED(204, ErrorClass.FAIL),
    TOO_MANY_SEGMENTS(205, ErrorClass.FAIL),
    FILE_NOT_OPEN(206, ErrorClass.FAIL),
    // Table and leadership
    NOT_LEADER(300, ErrorClass.REFRESH),
    STARTING(301, ErrorClass.RETRY),
    STALE_EPOCH(302, ErrorClass.FAIL),
    UNKNOWN_STORE(303, ErrorClass.REFRESH),
    STALE_INCARNATION(304, ErrorClass.FAIL),
    LINEAGE_MISMATCH(305, ErrorClass.FAIL),
    ROW_UNAVAILABLE(306, ErrorClass.REFRESH),
    CLASS_FROZEN(307, ErrorClass.REFRESH),
    STORE_REFUSED(308, ErrorClass.FAIL),
    // Tracts and stores
    STALE_VERSION(400, ErrorClass.REFRESH),
    BEHIND_VERSION(401, ErrorClass.RETRY),
    NOT_A_MEMBER(402, ErrorClass.REFRESH),
    TRACT_NOT_FOUND(403, ErrorClass.REFRESH),
    SHORT(404, ErrorClass.REFRESH),
    DAMAGED(405, ErrorClass.REFRESH),
    CHECKSUM_MISMATCH(406, ErrorClass.RETRY),
    GAP(407, ErrorClass.FAIL),
    CONFLICTING_BYTES(408, ErrorClass.FAIL),
    DISK_FULL(409, ErrorClass.REFRESH),
    STORE_FAILED(410, ErrorClass.REFRESH),
    STORE_FENCED(411, ErrorClass.REFRESH),
    RECOVERING(412, ErrorClass.REFRESH),
    CAPABILITY_REFUSED(413, ErrorClass.FAIL),
    STALE_ORDER(414, ErrorClass.FAIL);

    private static final Map<Integer, ErrorCode> BY_NUMBER = new HashMap<>();

    static {
        for (ErrorCode code : values()) {
            if (BY_NUMBER.put(code.number, code) != null) {
                throw new AssertionError("Error number used twice: " + code.number);
            }
        }
    }

    private final int number;
    private final ErrorClass errorClass;

    ErrorCode(int number, ErrorClass errorClass) {
        this.number = number;
        this.errorClass = errorClass;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** What a caller does about it. */
    public ErrorClass errorClass() {
        return errorClass;
    }

    /** The code of a number; {@link #INTERNAL} for one that this version does not know. */
    public static ErrorCode ofNumber(int number) {
        return BY_NUMBER.getOrDefault(number, INTERNAL);
    }
}
