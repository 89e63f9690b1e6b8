package io.tractfs.tract.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The content of one file in memory as sectors, with those that power loss would leave. Not thread-safe. */
final class MemoryFile {
    private static final int SECTOR = 512;

    private final TreeMap<Integer, byte[]> sectors = new TreeMap<>();
    private final TreeMap<Integer, byte[]> durable = new TreeMap<>();
    private long size;
    private long durableSize;

    long size() {
        return size;
    }

    long occupied() {
        return (long) sectors.size() * SECTOR;
    }

    /** Bytes that a write would occupy anew. */
    long growth(long position, int length) {
        long growth = 0;
        for (long at = position / SECTOR; at * SECTOR < position + length; at++) {
            growth += sectors.containsKey((int) at) ? 0 : SECTOR;
        }
        return growth;
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.max(0, Math.min(target.remaining(), size - position));
        for (int done = 0; done < count; ) {
            long at = position + done;
            int within = (int) (at % SECTOR);
            int part = Math.min(SECTOR - within, count - done);
            byte[] sector = sectors.get((int) (at / SECTOR));
            target.put(sector == null ? new byte[SECTOR] : sector, within, part);
            done += part;
        }
        return count;
    }

    void write(ByteBuffer source, long position) {
        long at = position;
        while (source.hasRemaining()) {
            int within = (int) (at % SECTOR);
            int part = Math.min(SECTOR - within, source.remaining());
            byte[] old = sectors.get((int) (at / SECTOR));
            byte[] sector = old == null ? new byte[SECTOR] : old.clone();
            source.get(sector, within, part);
            sectors.put((int) (at / SECTOR), sector);
            at += part;
        }
        size = Math.max(size, at);
    }

    void force() {
        durable.clear();
        durable.putAll(sectors);
        durableSize = size;
    }

    void flip(int offset) {
        byte[] sector = sectors.getOrDefault(offset / SECTOR, new byte[SECTOR]).clone();
        sector[offset % SECTOR] ^= 1;
        boolean same = sectors.get(offset / SECTOR) == durable.get(offset / SECTOR);
        sectors.put(offset / SECTOR, sector);
        if (same) {
            durable.put(offset / SECTOR, sector);
        }
    }

    byte[] copy() {
        ByteBuffer all = ByteBuffer.allocate((int) size);
        read(all, 0);
        return all.array();
    }

    /** Each sector that differs from the durable one survives by a coin. */
    void losePower(Random random) {
        int bias = random.nextInt(5);
        long kept = durableSize;
        for (Map.Entry<Integer, byte[]> entry : sectors.entrySet()) {
            byte[] before = durable.get(entry.getKey());
            if (before != null && Arrays.equals(before, entry.getValue())) {
                continue;
            }
            if (random.nextInt(4) < bias) {
                durable.put(entry.getKey(), entry.getValue());
                kept = Math.max(kept, Math.min(size, (entry.getKey() + 1L) * SECTOR));
            }
        }
        sectors.clear();
        sectors.putAll(durable);
        durableSize = kept;
        size = kept;
    }
}
