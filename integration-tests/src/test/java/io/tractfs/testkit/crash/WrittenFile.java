package io.tractfs.testkit.crash;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of one file: which bytes were written, how many of them are promised, how many there can be. Bytes are
 * a function of a seed and their offset; each create and append has a seed of its own, so bytes that a truncation cut
 * cannot be taken for those that came after. Immutable.
 *
 * @param seeds seed by the offset from which on it holds
 * @param least bytes that must be there
 * @param most bytes that can be there
 * @param open whether a stream of the worker has it open
 * @param session seed of the last stream, which names it
 */
record WrittenFile(TreeMap<Long, Long> seeds, long least, long most, boolean open, long session) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    static WrittenFile created(long seed) {
        return new WrittenFile(new TreeMap<>(Map.of(0L, seed)), 0, 0, true, seed);
    }

    WrittenFile opened(long seed) {
        TreeMap<Long, Long> more = new TreeMap<>(seeds);
        more.put(most, seed);
        return new WrittenFile(more, least, most, true, seed);
    }

    WrittenFile written(long bytes) {
        return new WrittenFile(seeds, least, most + bytes, open, session);
    }

    /** At least so many bytes are there, as somebody was told or has seen. */
    WrittenFile promised(long length) {
        return new WrittenFile(seeds, Math.max(least, Math.min(most, length)), most, open, session);
    }

    WrittenFile closed() {
        return new WrittenFile(seeds, most, most, false, session);
    }

    /** The same, but perhaps open. */
    WrittenFile leftOpen() {
        return new WrittenFile(seeds, least, most, true, session);
    }

    WrittenFile cut(long length) {
        return new WrittenFile(new TreeMap<>(seeds.headMap(length, false)), length, length, false, session)
                .withFirstSeed(seeds.firstEntry().getValue());
    }

    /** The file once its length was found out. */
    WrittenFile settled(long length) {
        return new WrittenFile(seeds, length, length, false, session);
    }

    private WrittenFile withFirstSeed(long seed) {
        if (seeds.isEmpty()) {
            seeds.put(0L, seed);
        }
        return this;
    }

    /** Fills an array with the bytes from an offset on. */
    void fill(long from, byte[] bytes, int count) {
        long at = from;
        int done = 0;
        while (done < count) {
            long seed = seeds.floorEntry(at).getValue();
            Long next = seeds.higherKey(at);
            int here = (int) Math.min(count - done, next == null ? Long.MAX_VALUE : next - at);
            fill(seed, at, bytes, done, here);
            done += here;
            at += here;
        }
    }

    private static void fill(long seed, long from, byte[] bytes, int start, int count) {
        for (int i = 0; i < count; i++) {
            long at = from + i;
            long mixed = (seed * 31 + (at >>> 3)) * GOLDEN;
            mixed ^= mixed >>> 29;
            mixed *= 0xBF58476D1CE4E5B9L;
            bytes[start + i] = (byte) (mixed >>> (8 * (at & 7)));
        }
    }
}
