package io.tractfs.client.namespace;

import io.tractfs.client.FileInfo;
import io.tractfs.client.Segment;
import io.tractfs.client.read.TailReader;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.FileStatusMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Completes the status of files that are open for writing: the namespace knows a lower bound of their length, the
 * members of the tail know it (P22). Thread-safe; calls wait.
 */
public final class OpenFileStatus {
    private static final long STATUS_TIMEOUT_MS = 2_000;

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
        return complete(message, tails.timeoutMs());
    }

    /**
     * Status with segments of a file that nobody writes, so that its length is final.
     *
     * @throws TractException LEASE_CONFLICT while a writer holds it
     */
    public FileInfo closed(String path) throws TractException {
        FileStatusMessage message = calls.status(path, true);
        if (message.getDirectory()) {
            throw new TractException(ErrorCode.IS_A_DIRECTORY, "Path is not a file: " + path);
        }
        if (message.getOpen()) {
            throw new TractException(
                    ErrorCode.LEASE_CONFLICT, "Fail to get checksum, since file " + path + " is under construction.");
        }
        return StatusDecoder.info(message);
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

    /** Status for people: where the tail cannot be asked in a moment, the lower bound is given. */
    public FileInfo status(String path) throws TractException {
        FileStatusMessage message = calls.status(path, false);
        FileInfo known = StatusDecoder.info(message);
        return message.getOpen() ? completed(message, path).orElse(known) : known;
    }

    /** Entries of the listing of a path. Once a tail could not be asked, the other open files get their lower bound. */
    public List<FileInfo> entries(List<FileStatusMessage> page, String listed) throws TractException {
        List<FileInfo> entries = new ArrayList<>(page.size());
        boolean asking = true;
        for (FileStatusMessage message : page) {
            FileInfo known = StatusDecoder.info(message);
            if (message.getOpen() && asking) {
                Optional<FileInfo> complete = completed(message, path(listed, message.getName()));
                asking = complete.isPresent();
                known = complete.orElse(known);
            }
            entries.add(known);
        }
        return entries;
    }

    private static String path(String listed, String name) {
        return name.isEmpty() ? listed : listed.endsWith("/") ? listed + name : listed + "/" + name;
    }

    /** Empty if there is no right to read the file, or a member is away just now. */
    private Optional<FileInfo> completed(FileStatusMessage entry, String path) {
        try {
            FileStatusMessage message = entry.getSegmentsCount() > 0 ? entry : calls.status(path, true);
            FileInfo complete = complete(message, STATUS_TIMEOUT_MS);
            FileInfo known = StatusDecoder.info(entry);
            return Optional.of(complete.fileId() == known.fileId() ? known.withLength(complete.length()) : known);
        } catch (TractException e) {
            return Optional.empty();
        }
    }

    private FileInfo complete(FileStatusMessage message, long timeoutMs) throws TractException {
        FileInfo info = StatusDecoder.info(message);
        if (!info.open() || info.segments().isEmpty()) {
            return info;
        }
        List<Segment> segments = new ArrayList<>(info.segments());
        int index = segments.size() - 1;
        Segment last = segments.get(index);
        long length = tails.lengthOf(last, Math.max(1, message.getWindow()), timeoutMs);
        segments.set(index, new Segment(last.blob(), length, last.tractSize(), last.replication(), last.ended()));
        long total = segments.stream().mapToLong(Segment::length).sum();
        return info.withSegments(segments, total);
    }
}
