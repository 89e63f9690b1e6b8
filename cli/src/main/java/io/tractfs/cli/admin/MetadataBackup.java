package io.tractfs.cli.admin;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.checkpoint.CheckpointArchive;
import io.tractfs.wire.checkpoint.CheckpointSink;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.CheckpointFile;
import io.tractfs.wire.proto.CheckpointHead;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Copies of the namespace in files. Stateless; thread-safe. */
public final class MetadataBackup {
    private static final int SCHEMA_VERSION = 1;

    private MetadataBackup() {}

    /**
     * What a file is a copy of. Immutable.
     *
     * @param file it
     * @param head what it says of itself
     * @param fileBytes its length
     */
    public record Outcome(Path file, CheckpointHead head, long fileBytes) {
        /** For people. */
        public String text() {
            return file + ": " + ReportText.size(fileBytes) + ", verified; namespace of cluster " + cluster() + " with "
                    + head.getInodeCount() + " files and directories, epoch " + head.getEpoch() + ", log index "
                    + head.getAppliedIndex() + ", " + Instant.ofEpochMilli(head.getTimeMs());
        }

        /** For programs. */
        public String json() {
            return new Json()
                    .object()
                    .field("schemaVersion", SCHEMA_VERSION)
                    .field("file", file.toString())
                    .field("bytes", fileBytes)
                    .field("clusterId", cluster())
                    .field("inodeCount", head.getInodeCount())
                    .field("epoch", Integer.toUnsignedLong(head.getEpoch()))
                    .field("appliedIndex", head.getAppliedIndex())
                    .field("timeMs", head.getTimeMs())
                    .endObject()
                    .toString();
        }

        private String cluster() {
            try {
                return IdCodec.cluster(head.getClusterId()).toString();
            } catch (TractException e) {
                return "?";
            }
        }
    }

    /** Writes a copy of the namespace and reads it again. */
    public static Outcome write(MetadataProxy metadata, Path file, Progress progress) throws CommandFailure {
        try {
            fetch(metadata, file, progress);
        } catch (IOException e) {
            throw new CommandFailure("No backup was written to " + file + ": " + e.getMessage(), e);
        }
        progress.now("verifying " + file);
        Outcome outcome = verify(file);
        progress.clear();
        return outcome;
    }

    /** Asks one metadata server after the other, since only the one that leads makes a copy. */
    private static void fetch(MetadataProxy metadata, Path file, Progress progress) throws IOException {
        TractException last = new TractException(ErrorCode.NOT_LEADER, "no metadata server was asked");
        for (HostPort server : metadata.addresses()) {
            try (CheckpointArchive archive = new CheckpointArchive(file)) {
                metadata.checkpointAt(server).fetch(new Watched(archive, progress));
                return;
            } catch (TractException e) {
                boolean undone = e.code() == ErrorCode.NOT_LEADER || e.code() == ErrorCode.CONNECT_FAILED;
                if (!undone) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    /** Reads every byte of a file. */
    public static Outcome verify(Path file) throws CommandFailure {
        try {
            return new Outcome(file, CheckpointArchive.verify(file), Files.size(file));
        } catch (IOException e) {
            throw new CommandFailure("Not a whole backup: " + e.getMessage(), e);
        }
    }

    /** The newest of several that are whole; the others are passed over. */
    public static Outcome newest(List<Path> files) throws CommandFailure {
        @Nullable Outcome newest = null;
        for (Path file : files) {
            try {
                Outcome found = verify(file);
                if (newest == null || order(found).compareTo(order(newest)) > 0) {
                    newest = found;
                }
            } catch (CommandFailure e) {
                System.err.println(file + " is passed over: " + e.getMessage());
            }
        }
        if (newest == null) {
            throw new CommandFailure("No tract server has a whole copy of the namespace; looked at " + files);
        }
        return newest;
    }

    private static String order(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "%010d %019d",
                Integer.toUnsignedLong(outcome.head().getEpoch()),
                outcome.head().getAppliedIndex());
    }

    /** Shows how far a copy is. Not thread-safe. */
    private static final class Watched implements CheckpointSink {
        private final CheckpointArchive archive;
        private final Progress progress;
        private long total;

        Watched(CheckpointArchive archive, Progress progress) {
            this.archive = archive;
            this.progress = progress;
        }

        @Override
        public void begin(CheckpointHead head) throws IOException {
            total = head.getFilesList().stream()
                    .mapToLong(CheckpointFile::getSize)
                    .sum();
            archive.begin(head);
        }

        @Override
        public void piece(int file, long offset, ByteBuffer bytes) throws IOException {
            archive.piece(file, offset, bytes);
            progress.now(ReportText.size(archive.bytes()) + " of " + ReportText.size(total));
        }

        @Override
        public void end() throws IOException {
            archive.end();
        }
    }
}
