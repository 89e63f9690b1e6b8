package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A file system under comparison. Thread-safe. */
interface Subject extends AutoCloseable {
    /** Its name. */
    String name();

    /** The client of an actor who is there in every run. */
    Session session(Actor actor);

    /** Whether a file has a writer; false of a directory. */
    boolean isOpen(FileStatus file) throws IOException;

    /** How long a file is for a reader who opens it now. */
    long visibleLength(FileStatus file) throws IOException;

    /** Makes a client for one run. */
    Sleeper sleeper() throws IOException;

    /** Whether a stream's file is still there and open for it. */
    boolean isHeldBy(FSDataOutputStream stream) throws IOException;

    /** Whether a stream's file was taken from it by now but is still open for the one who measures it. */
    boolean isBeingTaken(FSDataOutputStream stream) throws IOException;

    /**
     * A name of the file that a stream has just opened, which it keeps when it is renamed.
     *
     * @param path under which it was opened
     */
    Path lastingName(FSDataOutputStream stream, Path path) throws IOException;

    /** Puts a listing into the order that TractFS promises: of the names' UTF-8 bytes. */
    void order(FileStatus[] listing);

    /** Does now what the servers would do with their next heartbeats. */
    void hurry() throws IOException;

    @Override
    void close();
}
