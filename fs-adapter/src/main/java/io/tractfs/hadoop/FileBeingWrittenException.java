package io.tractfs.hadoop;

import java.io.IOException;

/**
 * Another writer holds the file, or its end is still being recovered; HDFS's counterpart is not on the class path of
 * Hadoop's plain client. Immutable.
 */
public final class FileBeingWrittenException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With the server's text. */
    public FileBeingWrittenException(String message) {
        super(message);
    }
}
