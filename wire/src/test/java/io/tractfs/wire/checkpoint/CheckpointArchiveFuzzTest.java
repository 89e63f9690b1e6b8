package io.tractfs.wire.checkpoint;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tractfs.wire.proto.CheckpointEnd;
import io.tractfs.wire.proto.CheckpointFile;
import io.tractfs.wire.proto.CheckpointHead;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * A backup of any bytes, also of records whose checksums are right, is put back into files below its directory or is refused
 * as damaged.
 */
class CheckpointArchiveFuzzTest {
    private static Path temporary;

    @BeforeAll
    static void makeDirectory() throws IOException {
        // In memory where there is such a place: the files are forced.
        Path memory = Path.of("/dev/shm");
        temporary = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "archive")
                : Files.createTempDirectory("archive");
    }

    @AfterAll
    static void deleteDirectory() throws IOException {
        delete(temporary);
    }

    @FuzzTest(maxDuration = "8s")
    void anyBackupIsReadOrRefused(FuzzedDataProvider input) throws IOException {
        Path archive = temporary.resolve("backup");
        Path target = temporary.resolve("target");
        Files.write(archive, input.consumeBoolean() ? input.consumeRemainingAsBytes() : records(input));
        try {
            CheckpointArchive.headOf(archive);
            CheckpointArchive.verify(archive);
            CheckpointArchive.read(archive, new CheckpointDirectory(target));
        } catch (IOException e) {
            // Refused, as it should be.
            return;
        } finally {
            delete(target);
        }
    }

    private static byte[] records(FuzzedDataProvider input) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write("TRACTCP1".getBytes(StandardCharsets.US_ASCII));
        CheckpointHead.Builder head = CheckpointHead.newBuilder();
        for (int file = input.consumeInt(0, 3); file > 0; file--) {
            head.addFiles(CheckpointFile.newBuilder()
                    .setName(input.consumeAsciiString(12))
                    .setSize(input.consumeBoolean() ? input.consumeInt(0, 20) : input.consumeLong()));
        }
        record(out, 'H', head.build().toByteArray());
        for (int piece = input.consumeInt(0, 4); piece > 0; piece--) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(content);
            fields.writeInt(input.consumeInt(-1, 4));
            fields.writeLong(input.consumeInt(-1, 20));
            fields.write(input.consumeBytes(20));
            record(out, 'P', content.toByteArray());
        }
        CheckpointEnd end = CheckpointEnd.newBuilder()
                .setBytes(input.consumeInt(0, 60))
                .setPieces(input.consumeInt(0, 4))
                .build();
        record(
                out,
                (char) input.consumeInt('A', 'Z'),
                input.consumeBoolean() ? end.toByteArray() : input.consumeBytes(20));
        out.write(input.consumeBytes(2));
        return bytes.toByteArray();
    }

    private static void record(DataOutputStream out, char type, byte[] payload) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(type);
        crc.update(payload, 0, payload.length);
        out.writeByte(type);
        out.writeInt(payload.length);
        out.writeInt((int) crc.getValue());
        out.write(payload);
    }

    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path path :
                        walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
