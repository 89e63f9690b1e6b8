package io.tractfs.sim.client;

import io.tractfs.client.retry.Backoff;
import io.tractfs.client.write.Packet;
import io.tractfs.client.write.SegmentWriter;
import io.tractfs.client.write.WriteEffect;
import io.tractfs.client.write.WriteEvent;
import io.tractfs.client.write.WriteTarget;
import io.tractfs.client.write.WriteTiming;
import io.tractfs.error.TractException;
import io.tractfs.id.FileId;
import io.tractfs.metadata.server.LeaseClock;
import io.tractfs.table.TableImage;
import java.util.OptionalLong;

/**
 * Drives the write core over one segment, as the client's segment driver does, and tells the checkers what the core takes
 * for acknowledged. Not thread-safe.
 */
final class SegmentRun {
    private static final WriteTiming TIMING =
            new WriteTiming(new Backoff(5, 200), new Backoff(10, 200), 300, 3_000, 1_500, 1_500, 600_000);

    private final ClientParts parts;
    private final ClientTable table;
    private final WriteTarget target;
    private final SegmentWriter core;
    private final WriteCalls calls;
    private final Listener listener;
    private final Place place;
    private long appended;
    private long nextPacket = 1;
    private long tickDueMs = Long.MAX_VALUE;
    private long movedOnAt = -1;
    private boolean stopped;

    /**
     * Where a writer takes a segment up. Immutable.
     *
     * @param start where it begins in the file
     * @param length bytes that it has already
     */
    record Place(long start, long length) {}

    /** Told of what becomes of the segment. */
    interface Listener {
        /** A step was made. */
        void progressed();

        /** The writer has failed for good. */
        void failed(TractException error);
    }

    /** A segment that goes on where it ends. */
    SegmentRun(
            ClientParts parts,
            ClientTable table,
            WriteCalls calls,
            WriteTarget target,
            Place place,
            Listener listener) {
        this.parts = parts;
        this.table = table;
        this.target = target;
        this.calls = calls;
        this.place = place;
        this.appended = place.length();
        this.listener = listener;
        TableImage image = table.current().orElseThrow();
        boolean eager = parts.random().nextBoolean();
        this.core = new SegmentWriter(
                target, place.length(), eager, image, TIMING, parts.random().split());
    }

    /** Where it begins in the file. */
    long start() {
        return place.start();
    }

    /** The segment, as far as it is acknowledged. */
    LeaseClock.Acknowledged acknowledged(FileId file) {
        long length = movedOnAt >= 0 ? movedOnAt : core.acknowledgedLength();
        return new LeaseClock.Acknowledged(file, target.generation(), target.blob(), length);
    }

    /** Whatever happens from now on is nobody's business: the client has given the file up. */
    void stop() {
        stopped = true;
    }

    WriteTarget target() {
        return target;
    }

    /** Where in the file it is acknowledged up to. */
    long acknowledged() {
        return place.start() + core.acknowledgedLength();
    }

    /** Where in the file it is on disks up to. */
    long synced() {
        return place.start() + core.syncedLength();
    }

    /** Where in the file its last packet ends. */
    long appended() {
        return place.start() + (movedOnAt >= 0 ? movedOnAt : appended);
    }

    /** Length at which the segment ended early; negative while it goes on. */
    long movedOnAt() {
        return movedOnAt;
    }

    /** Appends at most so many bytes as one packet. */
    void append(int most, boolean sync) {
        int offset = (int) (appended % target.tractSize());
        int length = Math.min(most, target.tractSize() - offset);
        Packet packet = new Packet(nextPacket++, (int) (appended / target.tractSize()), offset, length);
        appended += length;
        step(new WriteEvent.Append(packet, sync));
    }

    /** Wants everything on disk. */
    void syncAll() {
        step(new WriteEvent.SyncAll());
    }

    private void step(WriteEvent event) {
        if (stopped) {
            return;
        }
        for (WriteEffect effect : core.step(event, parts.nowMs())) {
            carryOut(effect);
        }
        // What was there before the writer came need not have been synced, and is not by its syncs.
        long synced = place.length() == 0 ? core.syncedLength() : 0;
        parts.checks().durability().progress(target.blob(), core.acknowledgedLength(), synced);
        scheduleTick();
        listener.progressed();
    }

    private void carryOut(WriteEffect effect) {
        if (effect instanceof WriteEffect.Send send) {
            calls.send(target, send, this::step);
        } else if (effect instanceof WriteEffect.Ask ask) {
            calls.ask(target, ask, this::step);
        } else if (effect instanceof WriteEffect.Refresh) {
            table.refresh(() -> step(new WriteEvent.Table(table.current().orElseThrow())));
        } else if (effect instanceof WriteEffect.Complain complain) {
            calls.complain(complain);
        } else if (effect instanceof WriteEffect.MoveOn moveOn) {
            parts.time().note(parts.process() + " blob " + target.blob() + " ends at " + moveOn.length());
            movedOnAt = moveOn.length();
        } else if (effect instanceof WriteEffect.Fail fail) {
            listener.failed(fail.error());
        }
    }

    @Override
    public String toString() {
        return "blob " + target.blob() + " from " + place.start() + ": appended to " + appended() + ", acknowledged to "
                + acknowledged() + ", synced to " + synced() + (movedOnAt >= 0 ? ", ended" : "");
    }

    private void scheduleTick() {
        OptionalLong next = core.nextTickMs();
        if (next.isEmpty() || next.getAsLong() >= tickDueMs) {
            return;
        }
        long dueMs = next.getAsLong();
        tickDueMs = dueMs;
        parts.process().after(Math.max(0, dueMs - parts.nowMs()) * 1_000_000, () -> tick(dueMs));
    }

    private void tick(long dueMs) {
        if (tickDueMs == dueMs) {
            tickDueMs = Long.MAX_VALUE;
        }
        step(new WriteEvent.Tick());
    }
}
