package io.tractfs.client.write;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import org.jspecify.annotations.Nullable;

/** How far one segment's driver has come, as the stream's callers wait for it. Guarded by the stream's monitor. */
final class SegmentProgress implements SegmentDriver.Listener {
    private final Object monitor;
    final BlobId blob;
    /** Where the segment begins in the file. */
    final long start;

    long acknowledged;
    long synced;
    long buffered;
    long movedAt = -1;

    @Nullable
    TractException failure;

    SegmentProgress(Object monitor, BlobId blob, long start, long length) {
        this.monitor = monitor;
        this.blob = blob;
        this.start = start;
        this.acknowledged = length;
        this.synced = length;
    }

    @Override
    public void progressed(long nowAcknowledged, long nowSynced, long releasedBytes) {
        synchronized (monitor) {
            acknowledged = nowAcknowledged;
            synced = nowSynced;
            buffered -= releasedBytes;
            monitor.notifyAll();
        }
    }

    @Override
    public void movedOn(long length) {
        synchronized (monitor) {
            movedAt = length;
            monitor.notifyAll();
        }
    }

    @Override
    public void failed(TractException error) {
        synchronized (monitor) {
            failure = error;
            monitor.notifyAll();
        }
    }
}
