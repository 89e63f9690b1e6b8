package io.tractfs.bench.workload;

import java.io.IOException;

/** What one thread does over and over while it is measured. Confined to one thread. */
@FunctionalInterface
public interface Step {
    /** Does it once; returns the amount done, in the unit of the row, or 0 if there is nothing left to do. */
    long run() throws IOException;

    /** Ends what the last call left open; part of the measured time. */
    default void end() throws IOException {}
}
