package io.tractfs.client.namespace;

import io.tractfs.client.FileInfo;
import io.tractfs.client.Segment;
import io.tractfs.client.read.TailReader;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.FileStatusMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * Completes the status of files that are open for writing: the namespace knows a lower bound of their length, the
 * members of the tail know it (P22). Thread-safe; calls wait.
 */
public final class OpenFileStatus {
    private final NamespaceCalls calls;
    private final TailReader tails;

    /** Completes through some calls. */
    public OpenFileStatus(NamespaceCalls calls, TailReader tails) {
        this.calls = calls;
        this.tails = tails;
    }

    /** Status with segments, complete; for reading, so a tail that cannot be asked is an error. */
    public FileInfo forReading(String path) throws TractException {
        FileStatusMessage message = calls.status(path, true);
        if (message.getDirectory()) {
            throw new TractException(ErrorCode.IS_A_DIRECTORY, "Path is not a file: " + path);
        }
        return complete(message);
    }

    /** The same of a file that was open when it was opened; its old status if it is not at the path any more. */
    public FileInfo grown(String path, FileInfo known) throws TractException {
        try {
            FileInfo fresh = forReading(path);
            return fresh.fileId() == known.fileId() ? fresh : known;
        } catch (TractException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return known;
            }
            throw e;
        }
    }

    /** Status for people and listings: where the tail cannot be asked, the lower bound is given. */
    public FileInfo status(String path) throws TractException {
        return orLowerBound(calls.status(path, false), path);
    }

    /** One entry of the listing of a path, complete as {@link #status} has it. */
    public FileInfo entry(FileStatusMessage entry, String listed) {
        String name = entry.getName();
        String path = name.isEmpty() ? listed : listed.endsWith("/") ? listed + name : listed + "/" + name;
        return orLowerBound(entry, path);
    }

    private FileInfo orLowerBound(FileStatusMessage entry, String path) {
        FileInfo known = StatusDecoder.info(entry);
        if (!entry.getOpen()) {
            return known;
        }
        try {
            FileStatusMessage message = entry.getSegmentsCount() > 0 ? entry : calls.status(path, true);
            FileInfo complete = complete(message);
            return complete.fileId() == known.fileId() ? known.withLength(complete.length()) : known;
        } catch (TractException e) {
            // No right to read it, or a member is away just now: the lower bound is true as well.
            return known;
        }
    }

    private FileInfo complete(FileStatusMessage message) throws TractException {
        FileInfo info = StatusDecoder.info(message);
        if (!info.open() || info.segments().isEmpty()) {
            return info;
        }
        List<Segment> segments = new ArrayList<>(info.segments());
        int index = segments.size() - 1;
        Segment last = segments.get(index);
        long length = tails.lengthOf(last, Math.max(1, message.getWindow()));
        segments.set(index, new Segment(last.blob(), length, last.tractSize(), last.replication(), last.ended()));
        long total = segments.stream().mapToLong(Segment::length).sum();
        return info.withSegments(segments, total);
    }
}
