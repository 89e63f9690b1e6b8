package io.tractfs.client.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.client.TractOutput;
import io.tractfs.client.lease.AcknowledgedSource;
import io.tractfs.client.lease.WriterLease;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file open for writing. The caller's thread collects bytes into packets and computes their checksums; a
 * {@link SegmentDriver} sends them. When a segment has to end early, the next caller that waits goes on in a new one
 * with the bytes that were not acknowledged (P3).
 *
 * <p>Two locks: {@code stream} orders the callers, {@code monitor} guards the progress that event loops report; the
 * second is never held while anything else is waited for. Thread-safe.
 */
public final class StripedOutput implements TractOutput, AcknowledgedSource {
    private static final int MOST_DOUBLINGS = 20;
    private static final long STALL_MS = 500;

    private final OpenFile file;
    private final WriterLease lease;
    private final Settings settings;
    private final DriverFactory drivers;
    private final ReentrantLock stream = new ReentrantLock();
    private final Object monitor = new Object();
    private final Remains remains;
    private final List<Retired> retired;
    private final PacketCollector collector;

    private SegmentProgress progress;
    private int emptyMoves;
    private final AtomicLong position;
    private volatile boolean closed;
    /** Why a call failed: from then on nothing is written, and the file is not completed. */
    private volatile @Nullable TractException broken;

    /** A segment that ended early; its acknowledged bytes may still have to be synced. */
    private record Retired(SegmentDriver driver, SegmentProgress progress, long length) {}

    /**
     * What has to be given back when the stream is closed, or collected without: knows nothing of the stream, so that it
     * can be collected. Used by one thread at a time.
     */
    private static final class Remains implements Runnable {
        private final PacketCollector collector;
        private final List<Retired> retired = new ArrayList<>();
        private volatile SegmentDriver driver;

        private Remains(PacketCollector collector, SegmentDriver driver) {
            this.collector = collector;
            this.driver = driver;
        }

        @Override
        public void run() {
            driver.stop();
            retired.forEach(old -> old.driver().stop());
            collector.release();
        }
    }

    /**
     * How the stream works.
     *
     * @param allocator of packet buffers
     * @param packetBytes most bytes of a packet
     * @param bufferBytes bytes that may be unacknowledged
     * @param syncOnClose whether close waits for the disks
     * @param created whether this stream created the file
     */
    public record Settings(
            ByteBufAllocator allocator, int packetBytes, int bufferBytes, boolean syncOnClose, boolean created) {}

    /** Makes the driver of one segment. */
    @FunctionalInterface
    interface DriverFactory {
        /**
         * A driver that continues a segment of some length.
         *
         * @param emptyMoves segments before it in a row that ended without a byte; each doubles the patience with
         *     frozen rows, so that a stream does not run through segments while every row is frozen
         */
        SegmentDriver driver(WriteTarget target, long length, SegmentDriver.Listener listener, int emptyMoves);
    }

    /**
     * A stream at the end of a file.
     *
     * @param fileStart where the last segment begins in the file
     * @param segmentLength bytes that the last segment has
     */
    StripedOutput(
            OpenFile file,
            WriterLease lease,
            Settings settings,
            DriverFactory drivers,
            WriteTarget target,
            long fileStart,
            long segmentLength) {
        this.file = file;
        this.lease = lease;
        this.settings = settings;
        this.drivers = drivers;
        this.progress = new SegmentProgress(monitor, target.blob(), fileStart, segmentLength);
        this.collector = new PacketCollector(settings.allocator(), settings.packetBytes(), target, segmentLength);
        this.remains = new Remains(collector, drivers.driver(target, segmentLength, progress, 0));
        this.retired = remains.retired;
        this.position = new AtomicLong(fileStart + segmentLength);
    }

    /**
     * Gives back what the stream holds in buffers and calls, for when it was collected without being closed. It does not
     * keep the stream from that, and commits nothing. To be run once.
     */
    public Runnable remains() {
        return remains;
    }

    @Override
    public Acknowledged acknowledged() {
        synchronized (monitor) {
            return new Acknowledged(progress.blob, progress.movedAt >= 0 ? progress.movedAt : progress.acknowledged);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws TractException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        stream.lock();
        try {
            checkOpen();
            collect(bytes, offset, offset + length);
        } catch (TractException e) {
            throw remembered(e);
        } finally {
            stream.unlock();
        }
    }

    private void collect(byte[] bytes, int offset, int end) throws TractException {
        int at = offset;
        while (at < end) {
            awaitRoom();
            int count = collector.add(bytes, at, end - at);
            at += count;
            position.addAndGet(count);
            if (collector.isFull()) {
                sendCollected(false);
            }
        }
    }

    /** A stream that failed a caller stays failed: bytes may be missing that the caller takes for written. */
    private TractException remembered(TractException error) {
        if (broken == null) {
            broken = error;
        }
        return error;
    }

    @Override
    public long position() {
        return position.get();
    }

    @Override
    public void hflush() throws TractException {
        try {
            flush(false);
        } catch (TractException e) {
            throw remembered(e);
        }
    }

    @Override
    public void hsync(boolean updateLength) throws TractException {
        try {
            flush(true);
            if (updateLength) {
                recordLength();
            }
        } catch (TractException e) {
            throw remembered(e);
        }
    }

    private void recordLength() throws TractException {
        stream.lock();
        try {
            checkOpen();
            file.complete(acknowledged().length(), false);
        } finally {
            stream.unlock();
        }
    }

    private void flush(boolean sync) throws TractException {
        long goal;
        stream.lock();
        try {
            checkOpen();
            goal = position.get();
            request(sync);
        } finally {
            stream.unlock();
        }
        await(goal, sync);
        lease.confirm();
    }

    @Override
    public void close() throws TractException {
        stream.lock();
        try {
            if (closed) {
                return;
            }
            checkOpen();
            request(settings.syncOnClose());
            await(position.get(), settings.syncOnClose());
            lease.confirm();
            file.complete(acknowledged().length(), true);
        } finally {
            shutDown();
            stream.unlock();
        }
    }

    @Override
    public void abort() throws TractException {
        stream.lock();
        try {
            if (closed) {
                return;
            }
            shutDown();
            file.abandon(settings.created());
        } finally {
            stream.unlock();
        }
    }

    /** Drops everything without telling anybody: the client was closed. */
    public void discard() {
        stream.lock();
        try {
            shutDown();
        } finally {
            stream.unlock();
        }
    }

    private void shutDown() {
        if (closed) {
            return;
        }
        closed = true;
        lease.close();
        remains.run();
        synchronized (monitor) {
            monitor.notifyAll();
        }
    }

    private void checkOpen() throws TractException {
        if (closed) {
            throw new TractException(ErrorCode.IO_ERROR, "Stream of file " + file.id() + " is closed");
        }
        TractException earlier = broken;
        if (earlier != null) {
            throw again(earlier);
        }
        synchronized (monitor) {
            throwIfFailed(progress);
        }
    }

    private static void throwIfFailed(SegmentProgress progress) throws TractException {
        TractException failure = progress.failure;
        if (failure != null) {
            throw again(failure);
        }
    }

    private static TractException again(TractException error) {
        return new TractException(error.code(), String.valueOf(error.getMessage()), error.version(), error);
    }

    /** Sends what is collected; false if there is nothing. */
    private boolean sendCollected(boolean sync) {
        PacketCollector.Finished full = collector.finish().orElse(null);
        if (full == null) {
            return false;
        }
        synchronized (monitor) {
            progress.buffered += full.packet().length();
        }
        remains.driver.append(full.packet(), full.buffer(), sync);
        return true;
    }

    /** Sends what is collected; with sync, has everything brought to the disks. The stream is locked. */
    private void request(boolean sync) {
        if (!sendCollected(sync) && sync) {
            remains.driver.syncAll();
        }
        if (sync) {
            retired.forEach(old -> old.driver().syncAll());
        }
    }

    private void awaitRoom() throws TractException {
        while (!waitFor(() -> progress.buffered < settings.bufferBytes())) {
            goOnInNewSegment();
        }
        if (!lease.isHeld()) {
            lease.confirm();
        }
    }

    private void await(long goal, boolean sync) throws TractException {
        while (!waitFor(() -> isDone(goal, sync))) {
            stream.lock();
            try {
                checkOpen();
                goOnInNewSegment();
                request(sync);
            } finally {
                stream.unlock();
            }
        }
        if (sync) {
            forgetSynced();
        }
    }

    private boolean isDone(long goal, boolean sync) {
        if (progress.start + progress.acknowledged < goal) {
            return false;
        }
        if (!sync) {
            return true;
        }
        return progress.start + progress.synced >= goal
                && retired.stream().allMatch(old -> old.progress().synced >= old.length());
    }

    private void forgetSynced() {
        synchronized (monitor) {
            retired.removeIf(old -> old.progress().synced >= old.length());
        }
    }

    private interface Condition {
        boolean holds();
    }

    /**
     * Waits for a condition: true when it holds, false when the segment has to be left first. While nothing moves the
     * leader is asked whether the file is still this writer's: of a file that was deleted the stores know nothing any
     * more, and do not know why.
     */
    private boolean waitFor(Condition condition) throws TractException {
        while (true) {
            synchronized (monitor) {
                long seen = -1;
                while (seen != progress.acknowledged + progress.synced) {
                    throwIfFailed(progress);
                    for (Retired old : retired) {
                        throwIfFailed(old.progress());
                    }
                    if (condition.holds()) {
                        return true;
                    }
                    if (progress.movedAt >= 0) {
                        return false;
                    }
                    if (closed) {
                        throw new TractException(ErrorCode.IO_ERROR, "Stream of file " + file.id() + " was closed");
                    }
                    seen = progress.acknowledged + progress.synced;
                    try {
                        monitor.wait(STALL_MS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new TractException(ErrorCode.IO_ERROR, "Interrupted while writing file " + file.id(), e);
                    }
                }
            }
            lease.requireNotLost();
            lease.ask();
        }
    }

    /** P3: leaves a segment whose rows take no writes. The stream is locked. */
    private void goOnInNewSegment() throws TractException {
        long length;
        synchronized (monitor) {
            length = progress.movedAt;
        }
        if (length < 0) {
            return;
        }
        WriteTarget target = file.addSegment(length);
        SegmentDriver old = remains.driver;
        CompletableFuture<Iterable<SegmentDriver.Kept>> kept = new CompletableFuture<>();
        old.takeKept(kept::complete);
        SegmentProgress fresh = new SegmentProgress(monitor, target.blob(), progress.start + length, 0);
        emptyMoves = length > 0 ? 0 : Math.min(emptyMoves + 1, MOST_DOUBLINGS);
        remains.driver = drivers.driver(target, 0, fresh, emptyMoves);
        synchronized (monitor) {
            retired.add(new Retired(old, progress, length));
            progress = fresh;
        }
        Optional<ByteBuf> rest = collector.moveTo(target);
        // Waits for no server: whoever works off the old driver's inbox at this moment hands the packets over.
        for (SegmentDriver.Kept entry : kept.join()) {
            appendAgain(old.target(), entry, length);
        }
        if (rest.isPresent()) {
            appendBytes(rest.get());
            rest.get().release();
        }
    }

    private void appendAgain(WriteTarget old, SegmentDriver.Kept entry, long ended) {
        Packet packet = entry.packet();
        ByteBuf data = PacketBuffer.dataOf(entry.buffer(), packet);
        long acknowledged = ended - (old.startOf(packet.tract()) + packet.offset());
        data.skipBytes((int) Math.max(0, Math.min(packet.length(), acknowledged)));
        appendBytes(data);
        entry.buffer().release();
    }

    private void appendBytes(ByteBuf data) {
        while (data.isReadable()) {
            collector.add(data);
            if (collector.isFull()) {
                sendCollected(false);
            }
        }
    }
}
