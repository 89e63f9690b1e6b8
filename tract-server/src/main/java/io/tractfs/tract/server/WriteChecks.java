package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.tract.store.Pieces;
import io.tractfs.wire.proto.WriteTractRequest;

/** Whether a request that changes a tract makes sense in itself (I11). Pure functions. */
final class WriteChecks {
    static final int MIN_TRACT_SIZE = 64 << 10;
    static final int MAX_TRACT_SIZE = 64 << 20;
    /** HDFS's limit. */
    static final int MAX_REPLICATION = Short.MAX_VALUE;

    private WriteChecks() {}

    /** Checks a write and the length of its body. */
    static void check(WriteTractRequest request, int bodyBytes) throws TractException {
        checkSegment(request.getTractSize(), request.getReplication());
        checkGeneration(request.getGeneration());
        long end = (long) request.getOffset() + request.getLength();
        if (request.getOffset() < 0 || request.getLength() < 1 || end > request.getTractSize()) {
            throw malformed("a write is of 1 byte or more within the tract of " + request.getTractSize()
                    + " bytes, not of " + request.getLength() + " at " + request.getOffset());
        }
        long expected =
                (long) Pieces.count(request.getOffset(), request.getLength()) * Integer.BYTES + request.getLength();
        if (bodyBytes != expected) {
            throw malformed("the body of a write of " + request.getLength() + " bytes at " + request.getOffset()
                    + " has " + expected + " bytes with its checksums, not " + bodyBytes);
        }
        if (request.getAcknowledgedLength() < 0) {
            throw malformed("acknowledged length is too large: " + request.getAcknowledgedLength());
        }
    }

    /** Checks what a tract knows of its segment. */
    static void checkSegment(int tractSize, int replication) throws TractException {
        if (tractSize < MIN_TRACT_SIZE || tractSize > MAX_TRACT_SIZE || Integer.bitCount(tractSize) != 1) {
            throw malformed("tract size is a power of two from " + MIN_TRACT_SIZE + " to " + MAX_TRACT_SIZE + ", not "
                    + tractSize);
        }
        if (replication < 1 || replication > MAX_REPLICATION) {
            throw malformed("replication is 1 to " + MAX_REPLICATION + ", not " + replication);
        }
    }

    /** Checks a generation. */
    static void checkGeneration(long generation) throws TractException {
        if (generation < 0) {
            throw malformed("generation is too large: " + Long.toUnsignedString(generation));
        }
    }

    private static TractException malformed(String message) {
        return new TractException(ErrorCode.MALFORMED, message);
    }
}
