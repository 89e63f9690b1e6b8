package io.tractfs.wire.rpc;

import com.google.protobuf.ByteString;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What this build speaks, and how two builds agree. Stateless, thread-safe. */
final class ProtocolVersion {
    /** Oldest protocol that this build speaks. */
    static final int MIN = 1;
    /** Newest protocol that this build speaks. */
    static final int MAX = 1;
    /** Features that this build knows; bits are wire contract and are never reused. */
    static final long KNOWN_FEATURES = 0;
    /** The only mechanism so far: the peer is believed. */
    static final String MECHANISM = "simple";

    private static final int UUID_BYTES = 16;

    private ProtocolVersion() {}

    /** The newest version within both ranges. */
    static int agree(int peerMin, int peerMax) throws TractException {
        int version = Math.min(MAX, peerMax);
        if (version < Math.max(MIN, peerMin)) {
            throw new TractException(
                    ErrorCode.PROTOCOL_MISMATCH,
                    "the caller speaks protocol " + peerMin + " to " + peerMax + ", this side " + MIN + " to " + MAX);
        }
        return version;
    }

    /** The features in force; refuses by name what is required and not known. */
    static long agreeFeatures(long required, long optional) throws TractException {
        long unknown = required & ~KNOWN_FEATURES;
        if (unknown != 0) {
            throw new TractException(
                    ErrorCode.PROTOCOL_MISMATCH,
                    "the caller requires feature bit " + Long.numberOfTrailingZeros(unknown)
                            + ", which this side does not know");
        }
        return (required | optional) & KNOWN_FEATURES;
    }

    /** Refuses if both sides know their cluster and it is not the same. */
    static void agreeCluster(@Nullable ClusterId here, @Nullable ClusterId there) throws TractException {
        if (here != null && there != null && !here.equals(there)) {
            throw new TractException(
                    ErrorCode.WRONG_CLUSTER, "this side belongs to cluster " + here + ", the other to " + there);
        }
    }

    static ByteString encode(@Nullable ClusterId cluster) {
        return cluster == null ? ByteString.EMPTY : encode(cluster.value());
    }

    static ByteString encode(UUID uuid) {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES);
        bytes.putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .flip();
        return ByteString.copyFrom(bytes);
    }

    static @Nullable ClusterId decodeCluster(ByteString bytes) throws TractException {
        return decodeUuid(bytes).map(ClusterId::new).orElse(null);
    }

    /** A UUID of 16 bytes; none of an empty field. */
    static Optional<UUID> decodeUuid(ByteString bytes) throws TractException {
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        if (bytes.size() != UUID_BYTES) {
            throw new TractException(
                    ErrorCode.MALFORMED, "expected an id of " + UUID_BYTES + " bytes, got " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return Optional.of(new UUID(buffer.getLong(), buffer.getLong()));
    }
}
