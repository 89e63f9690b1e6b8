package io.tractfs.tract.disk;

import java.io.IOException;

/** There is no space left; the disk itself works. Immutable. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Names the file and keeps what the system said. */
    public DiskFullException(String path, IOException cause) {
        super("no space left for " + path, cause);
    }

    /** Names the file. */
    public DiskFullException(String path) {
        super("no space left for " + path);
    }
}
