package io.tractfs.bench.workload;

import java.io.IOException;

/** A workload on one file system. Not thread-safe. */
public interface Workload {
    /** Makes what its rounds need; what is there already is kept. */
    void prepare() throws IOException;

    /** The next round. */
    Round round() throws IOException;
}
