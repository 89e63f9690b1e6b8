package io.tractfs.wire.checkpoint;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.wire.proto.CheckpointEnd;
import io.tractfs.wire.proto.CheckpointHead;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A checkpoint in one file:
 *
 * <pre>
 * magic     8  "TRACTCP1"
 * record*      type:1  length:4  crc:4  payload:length     numbers big-endian, CRC32C of type and payload
 *   'H'        CheckpointHead, once, first
 *   'P'        file:4 offset:8 bytes                       pieces of at most 1 MiB, files in order, no gap
 *   'E'        CheckpointEnd, once, last
 * </pre>
 *
 * A writer makes {@code FILE.new}, forces it, and renames it, so that a file under its name is whole. Not thread-safe.
 */
public final class CheckpointArchive implements CheckpointSink, AutoCloseable {
    private static final byte[] MAGIC = "TRACTCP1".getBytes(StandardCharsets.US_ASCII);
    private static final int PIECE_HEAD = Integer.BYTES + Long.BYTES;
    private static final int MAX_PAYLOAD = 16 << 20;

    private final Path file;
    private final Path written;
    private final FileChannel channel;
    private CheckpointHead head = CheckpointHead.getDefaultInstance();
    private long bytes;
    private long pieces;

    /** Writes a new file; one of that name stays as it is until the new one is whole. */
    public CheckpointArchive(Path file) throws IOException {
        this.file = file.toAbsolutePath();
        this.written = this.file.resolveSibling(this.file.getFileName() + ".new");
        // It has all names and owners: nobody else may read it.
        this.channel = FileChannel.open(
                written,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    @Override
    public void begin(CheckpointHead begun) throws IOException {
        head = begun;
        writeAll(ByteBuffer.wrap(MAGIC));
        record('H', ByteBuffer.wrap(begun.toByteArray()));
    }

    @Override
    public void piece(int index, long offset, ByteBuffer content) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(PIECE_HEAD + content.remaining());
        bytes += content.remaining();
        pieces++;
        payload.putInt(index).putLong(offset).put(content).flip();
        record('P', payload);
    }

    @Override
    public void end() throws IOException {
        record(
                'E',
                ByteBuffer.wrap(CheckpointEnd.newBuilder()
                        .setBytes(bytes)
                        .setPieces(pieces)
                        .build()
                        .toByteArray()));
        channel.force(true);
        channel.close();
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private void record(char type, ByteBuffer payload) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(1 + 2 * Integer.BYTES);
        start.put((byte) type)
                .putInt(payload.remaining())
                .putInt(checksum((byte) type, payload))
                .flip();
        writeAll(start);
        writeAll(payload);
    }

    private static int checksum(byte type, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(type);
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }

    private void writeAll(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** What it is of. */
    public CheckpointHead head() {
        return head;
    }

    /** Bytes of the checkpoint's files so far. */
    public long bytes() {
        return bytes;
    }

    /** Drops what was written, unless it was ended. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(written);
    }

    /**
     * Reads a file and gives it to a sink; verifies every byte.
     *
     * @return what it is of
     * @throws IOException if it is no such file, is cut off, or any byte is wrong
     */
    public static CheckpointHead read(Path file, CheckpointSink sink) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(file + " is no backup of the metadata: it does not begin with TRACTCP1");
            }
            Reader reader = new Reader(file, in);
            CheckpointHead head = CheckpointHead.parseFrom(reader.next('H'));
            sink.begin(head);
            CheckpointEnd end = reader.pieces(head, sink);
            if (in.read() >= 0) {
                throw new IOException(file + " has bytes after its end");
            }
            reader.require(end);
            sink.end();
            return head;
        } catch (EOFException e) {
            throw new IOException(file + " is cut off: it has no end", e);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    /**
     * What a file is of; empty if there is none. The rest of it is not read.
     *
     * @throws IOException if it does not begin as one does
     */
    public static Optional<CheckpointHead> headOf(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(file + " is no backup of the metadata: it does not begin with TRACTCP1");
            }
            return Optional.of(CheckpointHead.parseFrom(new Reader(file, in).next('H')));
        }
    }

    /** Reads and verifies a file, and does nothing else with it. */
    public static CheckpointHead verify(Path file) throws IOException {
        return read(file, new CheckpointSink() {
            @Override
            public void begin(CheckpointHead head) {}

            @Override
            public void piece(int index, long offset, ByteBuffer bytes) {}

            @Override
            public void end() {}
        });
    }

    /** Reads records. Not thread-safe. */
    private static final class Reader {
        private final Path file;
        private final DataInputStream in;
        private byte type;
        private long bytes;
        private long pieces;

        Reader(Path file, DataInputStream in) {
            this.file = file;
            this.in = in;
        }

        ByteBuffer next() throws IOException {
            type = in.readByte();
            int length = in.readInt();
            int expected = in.readInt();
            if (length < 0 || length > MAX_PAYLOAD) {
                throw new IOException(file + " is damaged: a record of " + length + " bytes");
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            ByteBuffer buffer = ByteBuffer.wrap(payload);
            if (checksum(type, buffer) != expected) {
                throw new IOException(file + " is damaged: a record does not match its checksum");
            }
            return buffer;
        }

        ByteBuffer next(char wanted) throws IOException {
            ByteBuffer payload = next();
            if (type != wanted) {
                throw new IOException(file + " is damaged: a record of type " + type + " instead of " + wanted);
            }
            return payload;
        }

        CheckpointEnd pieces(CheckpointHead head, CheckpointSink sink) throws IOException {
            int index = nextFile(head, 0);
            long offset = 0;
            ByteBuffer payload = next();
            for (; type == 'P'; payload = next()) {
                if (payload.remaining() < PIECE_HEAD || payload.getInt() != index || payload.getLong() != offset) {
                    throw new IOException(file + " is damaged: a piece is missing");
                }
                int length = payload.remaining();
                if (index == head.getFilesCount()
                        || length > head.getFiles(index).getSize() - offset) {
                    throw new IOException(file + " is damaged: a piece belongs to no file");
                }
                sink.piece(index, offset, payload);
                offset += length;
                bytes += length;
                pieces++;
                if (offset == head.getFiles(index).getSize()) {
                    index = nextFile(head, index + 1);
                    offset = 0;
                }
            }
            if (type != 'E') {
                throw new IOException(file + " is damaged: a record of type " + type);
            }
            if (index < head.getFilesCount()) {
                throw new IOException(file + " is damaged: it lacks the end of "
                        + head.getFiles(index).getName());
            }
            return CheckpointEnd.parseFrom(payload);
        }

        /** The first file from a place on that has bytes. */
        private static int nextFile(CheckpointHead head, int from) {
            int index = from;
            while (index < head.getFilesCount() && head.getFiles(index).getSize() == 0) {
                index++;
            }
            return index;
        }

        void require(CheckpointEnd end) throws IOException {
            if (end.getBytes() != bytes || end.getPieces() != pieces) {
                throw new IOException(file + " is damaged: it has " + bytes + " of " + end.getBytes() + " bytes");
            }
        }
    }
}
