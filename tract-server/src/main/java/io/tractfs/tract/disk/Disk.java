package io.tractfs.tract.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One directory tree on one disk. Paths are relative to its root, with {@code /} between names. What was written is seen
 * at once by every reader of this machine and survives {@code kill -9}; it survives power loss only after
 * {@link DiskFile#force()}, and names only after {@link #forceDirectory}. An error of a write or force leaves unknown what
 * is on disk; {@link DiskFullException} leaves the disk usable. Thread-safe.
 */
public interface Disk {
    /** Opens a file for reading and writing; empty if there is none. */
    Optional<DiskFile> open(String path) throws IOException;

    /** Whether there is a file. */
    boolean exists(String path) throws IOException;

    /** Opens a file for reading and writing and makes it if there is none; its directory must be there. */
    DiskFile create(String path) throws IOException;

    /** Where the machine has a file, for programs beside this one; empty if it is not a file of the machine. */
    Optional<Path> place(String path);

    /** Names in a directory, in no order; none if there is no such directory. */
    List<String> list(String directory) throws IOException;

    /** Makes a directory and those above it, for its owner only; nothing happens if it is there. */
    void createDirectory(String path) throws IOException;

    /** Moves a file, atomically, over another of that name if there is one. */
    void rename(String from, String to) throws IOException;

    /** Removes a file; nothing happens if it is not there. Whoever has it open goes on reading. */
    void delete(String path) throws IOException;

    /** Puts the names in a directory on disk. */
    void forceDirectory(String path) throws IOException;

    /** Space of the whole disk. */
    DiskSpace space() throws IOException;

    /**
     * Takes the exclusive lock of a file, which is made if it is not there.
     *
     * @throws IOException if another process, or another holder in this one, has it
     */
    DiskLock lock(String path) throws IOException;

    /** The tree in words, for messages. */
    String name();

    /**
     * Space in bytes.
     *
     * @param total of the disk
     * @param usable by this process
     */
    record DiskSpace(long total, long usable) {}

    /** A lock that is held. Thread-safe. */
    interface DiskLock extends AutoCloseable {
        @Override
        void close();
    }
}
