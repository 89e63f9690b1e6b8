package io.tractfs.testkit.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A JVM that writes and flushes records to one file until it is told to stop by an exception: {@code StubbornWriter
 * CORE-SITE JOURNAL PATH}. The journal gets one byte for each record that was acknowledged, then a line with the exception.
 */
public final class StubbornWriter {
    /** Bytes of a record, all of them {@link #FILL}. */
    public static final int RECORD = 1_000;

    /** What the records consist of. */
    public static final byte FILL = 'A';

    private StubbornWriter() {}

    /** Writes. */
    public static void main(String[] arguments) throws IOException {
        Configuration configuration = new Configuration();
        configuration.addResource(new Path(java.nio.file.Path.of(arguments[0]).toUri()));
        java.nio.file.Path journal = java.nio.file.Path.of(arguments[1]);
        byte[] record = new byte[RECORD];
        Arrays.fill(record, FILL);
        FileSystem files = FileSystem.get(configuration);
        try {
            FSDataOutputStream out = files.create(new Path(arguments[2]));
            while (true) {
                out.write(record);
                out.hflush();
                append(journal, "+");
            }
        } catch (IOException e) {
            append(journal, "\n" + e + "\n");
            System.exit(0);
        }
    }

    private static void append(java.nio.file.Path journal, String text) throws IOException {
        Files.write(journal, text.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
