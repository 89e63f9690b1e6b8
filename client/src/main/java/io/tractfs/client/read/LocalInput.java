package io.tractfs.client.read;

import io.tractfs.client.local.LocalTracts;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one stream reads from files of this host. Small reads that follow each other are served from a window that is read
 * at once. Thread-safe.
 */
final class LocalInput {
    /** Reads below it come through the window if they are sequential. */
    static final int WINDOW_BYTES = 64 << 10;

    private static final int WHOLE_TRACT = 1 << 30;

    private final LocalTracts tracts;
    private final ReadMeter meter;
    private @Nullable ByteBuffer window;
    /** Where the window is; it belongs to one layout of the file, in which bytes never change their place. */
    private long windowStart;

    LocalInput(LocalTracts tracts, ReadMeter meter) {
        this.tracts = tracts;
        this.meter = meter;
    }

    /**
     * Reads as much as is on this host, from the position on without a gap.
     *
     * @param wanted within the layout; the target has room for it
     * @return bytes read; what follows is to be read through a store
     */
    int read(FileLayout layout, long position, int wanted, ByteBuffer target, boolean sequential) {
        int done = 0;
        while (done < wanted) {
            int count = next(layout, position + done, wanted - done, target, sequential);
            if (count == 0) {
                break;
            }
            done += count;
        }
        meter.localBytes.add(done);
        return done;
    }

    private int next(FileLayout layout, long position, int wanted, ByteBuffer target, boolean sequential) {
        if (sequential && wanted < WINDOW_BYTES) {
            return throughWindow(layout, position, wanted, target);
        }
        TractRange range = layout.rangeAt(position, wanted, WHOLE_TRACT);
        prepareNext(layout, position, range);
        return read(range, target) ? range.length() : 0;
    }

    private boolean read(TractRange range, ByteBuffer target) {
        return tracts.read(range.tract(), range.replication(), range.offset(), range.length(), target);
    }

    private synchronized int throughWindow(FileLayout layout, long position, int wanted, ByteBuffer target) {
        ByteBuffer bytes = window;
        if (bytes == null || position < windowStart || position >= windowStart + bytes.limit()) {
            bytes = fill(layout, position, bytes);
            if (bytes == null) {
                return 0;
            }
        }
        int from = (int) (position - windowStart);
        int count = Math.min(wanted, bytes.limit() - from);
        target.put(bytes.duplicate().position(from).limit(from + count));
        return count;
    }

    private @Nullable ByteBuffer fill(FileLayout layout, long position, @Nullable ByteBuffer old) {
        TractRange range = layout.rangeAt(position, WINDOW_BYTES, WHOLE_TRACT);
        prepareNext(layout, position, range);
        ByteBuffer bytes = old == null ? ByteBuffer.allocate(WINDOW_BYTES) : old.clear();
        window = null;
        if (!read(range, bytes)) {
            return null;
        }
        window = bytes.flip();
        windowStart = position;
        return bytes;
    }

    /** At the beginning of a tract the next one is asked for. */
    private void prepareNext(FileLayout layout, long position, TractRange range) {
        if (range.offset() == 0) {
            long rest = layout.rangeAt(position, Long.MAX_VALUE, WHOLE_TRACT).length();
            if (position + rest < layout.length()) {
                TractRange next = layout.rangeAt(position + rest, 1, WHOLE_TRACT);
                tracts.prepare(next.tract(), next.replication());
            }
        }
    }

    /** Gives the window's memory back. */
    synchronized void clear() {
        window = null;
    }
}
