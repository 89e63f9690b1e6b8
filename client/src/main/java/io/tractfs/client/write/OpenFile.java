package io.tractfs.client.write;

import io.tractfs.error.TractException;
import io.tractfs.id.FileId;

/**
 * What a stream asks of the namespace for the file that it writes. Every call waits and is repeated inside until it is
 * answered or the retry time is over; each takes effect once. Implementations are thread-safe.
 */
public interface OpenFile {
    /** The file. */
    FileId id();

    /** Ends the segment in writing at a length and begins another (P3). */
    WriteTarget addSegment(long endedLength) throws TractException;

    /**
     * Records the length of the last segment.
     *
     * @param close whether the file is closed with it
     */
    void complete(long lastSegmentLength, boolean close) throws TractException;

    /**
     * Gives the file up.
     *
     * @param deleteCreated whether it is deleted
     */
    void abandon(boolean deleteCreated) throws TractException;
}
