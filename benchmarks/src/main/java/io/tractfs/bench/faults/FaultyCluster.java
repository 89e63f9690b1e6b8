package io.tractfs.bench.faults;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;

/** A cluster whose servers can be hurt, and what it says of its own state. Thread-safe. */
interface FaultyCluster extends AutoCloseable {
    /** Column of the results. */
    String name();

    /** Makes a fresh cluster. */
    void start() throws IOException;

    /** A client's configuration. */
    Configuration configuration();

    /** The file system. */
    URI uri();

    /** SIGKILL to a data server; numbers begin with 1. */
    void killData(int number) throws IOException;

    /** SIGSTOP to a data server. */
    void freezeData(int number) throws IOException;

    /** SIGCONT to a data server. */
    void resumeData(int number) throws IOException;

    /** Starts a data server that was killed, on its data. */
    void startData(int number) throws IOException;

    /** SIGKILL to the server of names, and its start right after. */
    void restartNames() throws IOException;

    /** Whether it has noticed that a data server is gone, and clients are told of others. */
    boolean hasNoticed() throws IOException;

    /** Whether all data has all its copies on servers that live. */
    boolean isWhole() throws IOException;

    /** The data server that a file being written is surely on, or any if that changes by itself. */
    int victimOf(String openFile) throws IOException;

    /** Stops all and removes the data. */
    @Override
    void close();
}
