package io.tractfs.metadata.namespace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.nio.BufferUnderflowException;
import java.util.UUID;
import java.util.function.Supplier;

/** What the codecs share: reading stored messages, and ids as bytes. Immutable. */
final class Records {
    private Records() {}

    /** Decodes what was stored; a value that cannot be is damage too, and so is one that is too short. */
    static <T> T decode(String what, Supplier<T> decoder) {
        try {
            return decoder.get();
        } catch (BufferUnderflowException e) {
            throw new StoredFormatException(what + " is shorter than it must be", e);
        } catch (IllegalArgumentException e) {
            throw new StoredFormatException(what + " holds a value that cannot be", e);
        }
    }

    /** Reads a stored message; it was written by us, so failing is damage. */
    static <M extends MessageLite> M parse(Parser<M> parser, byte[] bytes) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new StoredFormatException("A stored record of " + bytes.length + " bytes cannot be read", e);
        }
    }

    /** An id as 16 bytes. */
    static ByteString bytes(UUID id) {
        return ByteString.copyFrom(Keys.ofUuid(id));
    }

    /** The id of 16 bytes. */
    static UUID uuid(ByteString bytes) {
        if (bytes.size() != 2 * Long.BYTES) {
            throw new StoredFormatException("An id has 16 bytes, not " + bytes.size());
        }
        return Keys.toUuid(bytes.toByteArray());
    }
}
