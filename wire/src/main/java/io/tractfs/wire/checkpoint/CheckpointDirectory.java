package io.tractfs.wire.checkpoint;

import io.tractfs.wire.proto.CheckpointFile;
import io.tractfs.wire.proto.CheckpointHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** Writes a checkpoint as the files of a directory, durably at its end. Not thread-safe. */
public final class CheckpointDirectory implements CheckpointSink {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");

    private final Path directory;
    private CheckpointHead head = CheckpointHead.getDefaultInstance();

    /** Into a directory that is empty or absent. */
    public CheckpointDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public void begin(CheckpointHead begun) throws IOException {
        head = begun;
        Files.createDirectories(directory);
        for (CheckpointFile file : begun.getFilesList()) {
            if (!NAME.matcher(file.getName()).matches()) {
                throw new IOException("A file of a checkpoint cannot be named '" + file.getName() + "'");
            }
            Files.createFile(directory.resolve(file.getName()));
        }
    }

    @Override
    public void piece(int file, long offset, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path(file), StandardOpenOption.WRITE)) {
            long at = offset;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }
    }

    private Path path(int file) {
        return directory.resolve(head.getFiles(file).getName());
    }

    @Override
    public void end() throws IOException {
        for (int file = 0; file < head.getFilesCount(); file++) {
            try (FileChannel channel = FileChannel.open(path(file), StandardOpenOption.WRITE)) {
                if (channel.size() != head.getFiles(file).getSize()) {
                    throw new IOException(path(file) + " has " + channel.size() + " bytes, not "
                            + head.getFiles(file).getSize());
                }
                channel.force(true);
            }
        }
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
