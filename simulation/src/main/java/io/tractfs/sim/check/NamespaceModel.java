package io.tractfs.sim.check;

import io.tractfs.id.BlobId;
import io.tractfs.id.FileId;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.sim.kernel.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The namespace as a user would draw it: paths, and which bytes of which blobs each file consists of. It knows nothing of
 * inodes, tables or logs, so that the real state machine is measured against something else. Not thread-safe.
 */
final class NamespaceModel {
    private final Truth truth;
    private final TreeMap<String, ModelFile> files = new TreeMap<>();
    private final Map<FileId, String> paths = new LinkedHashMap<>();

    /** A file. Immutable. */
    record ModelFile(FileId id, boolean open, boolean ended, List<Piece> pieces) {
        ModelFile {
            pieces = List.copyOf(pieces);
        }

        long length() {
            return pieces.stream().mapToLong(Piece::length).sum();
        }
    }

    /** A run of bytes of a blob. Immutable. */
    record Piece(BlobId blob, long length) {}

    NamespaceModel(Truth truth) {
        this.truth = truth;
    }

    @Nullable
    ModelFile file(String path) {
        return files.get(path);
    }

    @Nullable
    String pathOf(FileId file) {
        return paths.get(file);
    }

    Map<String, ModelFile> files() {
        return files;
    }

    static List<Piece> pieces(List<Segment> segments) {
        return segments.stream()
                .map(segment -> new Piece(segment.blob(), segment.length()))
                .toList();
    }

    /** A file was created; a file that was there is gone. */
    void created(String path, FileStatus status) {
        if (files.containsKey(path)) {
            remove(path);
        }
        require(!paths.containsKey(status.file()), "file " + status.file() + " was created twice");
        require(status.length() == 0, "a new file has " + status.length() + " bytes");
        put(path, new ModelFile(status.file(), true, false, List.of()));
        take(path, status);
    }

    /** A file was opened for appending, or has begun another segment, or was recorded, or closed. */
    void take(String path, FileStatus status) {
        ModelFile before = required(path);
        require(before.id().equals(status.file()), path + " is file " + before.id() + ", not " + status.file());
        List<Piece> after = pieces(status.segments());
        List<Piece> kept = new ArrayList<>(before.pieces());
        kept.removeIf(piece -> piece.length() == 0 && gone(after, piece.blob()));
        require(after.size() >= kept.size(), path + " lost bytes: " + before + " became " + after);
        for (int i = 0; i < kept.size(); i++) {
            boolean last = i == before.pieces().size() - 1;
            require(kept.get(i).blob().equals(after.get(i).blob()), path + ": " + before + " became " + after);
            boolean same = kept.get(i).length() == after.get(i).length();
            require(
                    same || (last && after.get(i).length() > kept.get(i).length()),
                    path + ": " + before + " became " + after);
        }
        before.pieces().stream().filter(piece -> gone(after, piece.blob())).forEach(piece -> truth.died(piece.blob()));
        for (Segment segment : status.segments()) {
            if (gone(before.pieces(), segment.blob())) {
                truth.begin(segment.blob(), segment.replication());
            }
            boolean last =
                    segment.equals(status.segments().get(status.segments().size() - 1));
            if (status.open() && !last) {
                truth.left(segment.blob(), segment.length());
            } else {
                truth.recorded(segment.blob(), segment.length(), segment.ended());
            }
        }
        boolean ended = !status.segments().isEmpty()
                && status.segments().get(status.segments().size() - 1).ended();
        put(path, new ModelFile(before.id(), status.open(), ended, after));
    }

    private static boolean gone(List<Piece> pieces, BlobId blob) {
        return pieces.stream().noneMatch(piece -> piece.blob().equals(blob));
    }

    void truncated(String path, long length) {
        ModelFile before = required(path);
        require(!before.open() && length <= before.length(), before + " was shortened to " + length);
        if (length == before.length()) {
            return;
        }
        List<Piece> after = new ArrayList<>();
        long left = length;
        for (Piece piece : before.pieces()) {
            long kept = Math.min(left, piece.length());
            left -= kept;
            if (kept == 0) {
                truth.died(piece.blob());
            } else {
                after.add(new Piece(piece.blob(), kept));
            }
            if (kept > 0 && kept < piece.length()) {
                truth.cut(piece.blob(), kept);
            }
        }
        put(path, new ModelFile(before.id(), false, true, after));
    }

    /** Deletes a file, or everything below a directory. */
    void remove(String path) {
        for (String each : below(path)) {
            ModelFile file = required(each);
            file.pieces().forEach(piece -> truth.died(piece.blob()));
            files.remove(each);
            paths.remove(file.id());
        }
    }

    void rename(String source, String destination) {
        List<String> moved = below(source);
        for (String each : moved) {
            ModelFile file = required(each);
            files.remove(each);
            put(destination + each.substring(source.length()), file);
        }
    }

    List<String> below(String path) {
        List<String> all = new ArrayList<>();
        if (files.containsKey(path)) {
            all.add(path);
        }
        files.tailMap(path + "/", true).keySet().stream()
                .takeWhile(each -> each.startsWith(path + "/"))
                .forEach(all::add);
        return all;
    }

    private void put(String path, ModelFile file) {
        files.put(path, file);
        paths.put(file.id(), path);
    }

    private ModelFile required(String path) {
        ModelFile file = files.get(path);
        if (file == null) {
            throw new Violation("I8", "a command took effect on " + path + ", which is no file");
        }
        return file;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new Violation("I8", what);
        }
    }
}
