package io.tractfs.wire.codec;

import com.google.protobuf.ByteString;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Lineage;
import io.tractfs.id.StoreId;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Ids of 128 bits as 16 bytes, most significant first. Stateless, thread-safe. */
public final class IdCodec {
    private static final int UUID_BYTES = 16;

    private IdCodec() {}

    /** Sixteen bytes. */
    public static ByteString encode(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES);
        bytes.putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
        return ByteString.copyFrom(bytes);
    }

    /** Sixteen bytes. */
    public static ByteString encode(StoreId store) {
        return encode(store.value());
    }

    /** Sixteen bytes. */
    public static ByteString encode(ClusterId cluster) {
        return encode(cluster.value());
    }

    /** Sixteen bytes. */
    public static ByteString encode(Lineage lineage) {
        return encode(lineage.value());
    }

    /** Sixteen bytes. */
    public static ByteString encode(ClientId client) {
        return encode(client.value());
    }

    /**
     * Reads an id.
     *
     * @param what names the field in the error
     * @throws TractException MALFORMED if it is not 16 bytes
     */
    public static UUID uuid(ByteString bytes, String what) throws TractException {
        if (bytes.size() != UUID_BYTES) {
            throw new TractException(ErrorCode.MALFORMED, what + " has " + UUID_BYTES + " bytes, not " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** Reads a store's id. */
    public static StoreId store(ByteString bytes) throws TractException {
        return new StoreId(uuid(bytes, "store id"));
    }

    /** Reads a cluster's id. */
    public static ClusterId cluster(ByteString bytes) throws TractException {
        return new ClusterId(uuid(bytes, "cluster id"));
    }

    /** Reads a lineage. */
    public static Lineage lineage(ByteString bytes) throws TractException {
        return new Lineage(uuid(bytes, "lineage"));
    }

    /** Reads a client session's id. */
    public static ClientId client(ByteString bytes) throws TractException {
        return new ClientId(uuid(bytes, "client id"));
    }
}
