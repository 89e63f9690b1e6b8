package io.tractfs.differential;

/** Small sizes, the same on both file systems, so that small files have many tracts and blocks. Immutable. */
final class Sizes {
    /** Bytes of a tract. */
    static final int TRACT = 64 << 10;

    /** Bytes of a block where nothing else is asked for. */
    static final int BLOCK = 128 << 10;

    /** Bytes of the smallest block that may be asked for. */
    static final int LEAST_BLOCK = 512;

    /** Copies where nothing else is asked for. */
    static final int REPLICATION = 3;

    private Sizes() {}
}
