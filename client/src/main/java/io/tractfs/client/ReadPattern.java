package io.tractfs.client;

/** How a file will be read. Immutable. */
public enum ReadPattern {
    /** Found out from the reads themselves. */
    ADAPTIVE,
    /** From front to end: read ahead over many stores. */
    SEQUENTIAL,
    /** Here and there: fetch just the range. */
    RANDOM
}
