package io.tractfs.cli.fsck;

import java.util.Locale;

/** What may be wrong with a tract of a file. The names are part of the JSON output. */
enum ProblemKind {
    /** There is no copy: a store that should hold one has nothing, or no store that holds one is there. */
    MISSING,
    /** The row has no holder: the bytes cannot be read until a store that is waited for returns. */
    FROZEN,
    /** A copy ends before the file does. */
    SHORT,
    /** Bytes of a copy do not verify. */
    CORRUPT,
    /** A store that should hold a copy does not answer. */
    UNREACHABLE,
    /** There are fewer stores that hold it than the file wants: a copy is on its way, or has no place. */
    UNDER_REPLICATED;

    /** As it is printed, such as {@code under-replicated}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
