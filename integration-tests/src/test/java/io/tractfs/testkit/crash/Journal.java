package io.tractfs.testkit.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one thread began and what it was told, in a file on another disk than the cluster's. Each line is given to the
 * operating system before the thread goes on, so that it outlives a kill of the thread's JVM:
 *
 * <pre>
 * B verb path other number    a step begins
 * E                           it was acknowledged
 * F what                      it failed, and may have been done or not
 * S session length            a reader saw so many bytes of what a stream writes
 * X what                      a promise was broken
 * </pre>
 *
 * <p>Confined to its thread.
 */
final class Journal {
    private final FileChannel channel;

    Journal(Path path) {
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void begun(Step step) {
        add("B\t" + step.line());
    }

    void acknowledged() {
        add("E");
    }

    void failed(Throwable error) {
        add("F\t" + oneLine(error));
    }

    void seen(long session, long length) {
        add("S\t" + session + "\t" + length);
    }

    void broken(String what) {
        add("X\t" + what.replace('\n', ' ').replace('\t', ' '));
    }

    private static String oneLine(Throwable error) {
        return error.toString().replace('\n', ' ').replace('\t', ' ');
    }

    private void add(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
