package io.tractfs.client.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream's bytes into packets of its segment. Packets end at multiples of their size in the tract, so that after
 * an append their pieces are whole chunks again. Not thread-safe.
 */
final class PacketCollector {
    private final ByteBufAllocator allocator;
    private final int packetBytes;
    private WriteTarget target;
    private long appended;
    private long nextNumber = 1;
    private @Nullable PacketBuffer collecting;

    /** A packet that is ready to be sent; whoever takes it owns the buffer of checksums and data. */
    record Finished(Packet packet, ByteBuf buffer) {}

    /**
     * Collects for a segment.
     *
     * @param appended bytes that the segment has
     */
    PacketCollector(ByteBufAllocator allocator, int packetBytes, WriteTarget target, long appended) {
        this.allocator = allocator;
        this.packetBytes = packetBytes;
        this.target = target;
        this.appended = appended;
    }

    /** Takes as many bytes as the packet has room for, at least 1; the number of them. */
    int add(byte[] bytes, int from, int length) {
        PacketBuffer packet = current(length);
        int count = Math.min(length, packet.room());
        packet.add(bytes, from, count);
        return count;
    }

    /** The same from a buffer's readable bytes, which are consumed. */
    void add(ByteBuf bytes) {
        PacketBuffer packet = current(bytes.readableBytes());
        packet.add(bytes, Math.min(bytes.readableBytes(), packet.room()));
    }

    private PacketBuffer current(int coming) {
        PacketBuffer packet = collecting;
        if (packet == null) {
            int offset = (int) (appended % target.tractSize());
            int capacity = Math.min(packetBytes - offset % packetBytes, target.tractSize() - offset);
            packet = new PacketBuffer(allocator, (int) (appended / target.tractSize()), offset, capacity, coming);
            collecting = packet;
        }
        return packet;
    }

    boolean isFull() {
        return collecting != null && collecting.room() == 0;
    }

    /** Finishes the packet that is being collected, if there is one. */
    Optional<Finished> finish() {
        PacketBuffer full = collecting;
        if (full == null) {
            return Optional.empty();
        }
        collecting = null;
        Packet packet = new Packet(nextNumber++, full.tract(), full.offset(), full.length());
        appended += packet.length();
        return Optional.of(new Finished(packet, full.finish(target.tract(full.tract()))));
    }

    /** Goes over to a new, empty segment; what was collected for the old one is handed to the caller. */
    Optional<ByteBuf> moveTo(WriteTarget next) {
        PacketBuffer rest = collecting;
        collecting = null;
        target = next;
        appended = 0;
        if (rest == null) {
            return Optional.empty();
        }
        ByteBuf data = rest.data();
        rest.release();
        return Optional.of(data);
    }

    void release() {
        if (collecting != null) {
            collecting.release();
            collecting = null;
        }
    }
}
