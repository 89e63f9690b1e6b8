package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by a command that changes what the cluster consists of; another such command waits. The system gives it up when
 * the process ends. Stateless, thread-safe.
 */
public final class ClusterLock {
    private ClusterLock() {}

    /** Something that is done under the lock. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run() throws CommandFailure;
    }

    /** Takes the lock of a cluster when it is free, does the work, and gives it up. */
    public static void hold(ClusterDirectory directory, Work work) throws CommandFailure {
        Path file = directory.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock lock = channel.lock();
            try {
                work.run();
            } finally {
                lock.release();
            }
        } catch (IOException e) {
            throw new CommandFailure("Cannot lock " + file + ": " + e, e);
        }
    }
}
