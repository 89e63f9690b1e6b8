package io.tractfs.bench.bare;

import java.io.IOException;

/** One measure of the machine: returns an amount per second. Not thread-safe. */
@FunctionalInterface
interface BareMeasure {
    /** Runs for a time and returns calls or bytes in a second. */
    double perSecond(long millis) throws IOException;
}
