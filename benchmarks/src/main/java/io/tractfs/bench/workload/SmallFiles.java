package io.tractfs.bench.workload;

/** What small files are. Stateless, thread-safe. */
final class SmallFiles {
    /** Bytes of one. */
    static final int SIZE = 4 << 10;

    private SmallFiles() {}
}
