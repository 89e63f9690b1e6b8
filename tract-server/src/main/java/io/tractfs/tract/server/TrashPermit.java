package io.tractfs.tract.server;

import io.tractfs.time.Clock;
import io.tractfs.tract.server.MetadataSession.Leader;
import org.jspecify.annotations.Nullable;

/**
 * Whether stores may remove for good what is in their trash: only on the word of a leader that was heard a moment ago. While no
 * metadata server is there, and until a restored namespace is confirmed, everything stays: that namespace may refer to it
 * (P30). Thread-safe.
 */
final class TrashPermit {
    /** A leader that was silent for so long may be gone for good. */
    static final long SILENT_MS = 10_000;

    private final Clock clock;
    private volatile @Nullable Word last;

    /** What a leader said, and when. */
    private record Word(boolean mayGo, long atMs) {}

    TrashPermit(Clock clock) {
        this.clock = clock;
    }

    /** Hears of the leader. */
    void heard(Leader leader) {
        last = new Word(leader.trashMayGo(), clock.monotonicMs());
    }

    boolean mayGo() {
        Word word = last;
        return word != null && word.mayGo() && clock.monotonicMs() - word.atMs() < SILENT_MS;
    }
}
