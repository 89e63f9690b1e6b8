package io.tractfs.metadata.namespace;

import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Keys and small values of the tables, as {@link KeySpace} draws them. Immutable. */
final class Keys {
    /** The only key of a table with one record, and the prefix of every key. */
    static final byte[] EMPTY = {};

    /** Bytes of an id; in the key of an inode the name follows them. */
    static final int ID_BYTES = Long.BYTES;

    private static final int UUID_BYTES = 2 * Long.BYTES;

    private Keys() {}

    /** Eight bytes, big-endian. */
    static byte[] ofLong(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** Four bytes, big-endian. */
    static byte[] ofInt(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** Sixteen bytes, big-endian. */
    static byte[] ofUuid(UUID value) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }

    /** Reads eight bytes. */
    static long toLong(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }

    /** Reads four bytes. */
    static int toInt(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** Reads sixteen bytes. */
    static UUID toUuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** Parent and name. */
    static byte[] ofLocation(Location location) {
        byte[] name = location.name().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(ID_BYTES + name.length)
                .putLong(location.parent().value())
                .put(name)
                .array();
    }

    /** Reads parent and name. */
    static Location toLocation(byte[] bytes) {
        return new Location(new FileId(toLong(bytes)), nameOf(bytes, ID_BYTES));
    }

    /** The name in a key of an inode. */
    static String nameOf(byte[] inodeKey) {
        return nameOf(inodeKey, ID_BYTES);
    }

    /** What the index of open files holds: session, parent and name. */
    static byte[] ofOpenFile(ClientId holder, Location location) {
        byte[] where = ofLocation(location);
        return ByteBuffer.allocate(UUID_BYTES + where.length)
                .put(ofUuid(holder.value()))
                .put(where)
                .array();
    }

    /** The session in an entry of the index of open files. */
    static ClientId holderOf(byte[] openFile) {
        return new ClientId(toUuid(openFile));
    }

    /** The location in an entry of the index of open files. */
    static Location locationOf(byte[] openFile) {
        long parent = ByteBuffer.wrap(openFile).getLong(UUID_BYTES);
        return new Location(new FileId(parent), nameOf(openFile, UUID_BYTES + ID_BYTES));
    }

    /** A slot of a session in the retry cache. */
    static byte[] ofCallSlot(ClientId client, int slot) {
        return ByteBuffer.allocate(UUID_BYTES + Short.BYTES)
                .put(ofUuid(client.value()))
                .putShort((short) slot)
                .array();
    }

    private static String nameOf(byte[] bytes, int offset) {
        return new String(bytes, offset, bytes.length - offset, StandardCharsets.UTF_8);
    }
}
