package io.tractfs.cli.fsck;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is wrong with one file: all of it counted, the first of each kind kept. Not thread-safe. */
final class FileFindings {
    /** Tracts of each kind that are kept. */
    static final int MOST_KEPT = 100;

    private final CheckedFile file;
    private final Map<ProblemKind, List<Verdict>> kept = new EnumMap<>(ProblemKind.class);
    private final Map<ProblemKind, Long> counts = new EnumMap<>(ProblemKind.class);
    private long unreadable;

    FileFindings(CheckedFile file) {
        this.file = file;
    }

    void add(Verdict verdict) {
        unreadable += verdict.readable() ? 0 : 1;
        for (ProblemKind kind : ProblemKind.values()) {
            if (verdict.has(kind)) {
                counts.merge(kind, 1L, Long::sum);
                List<Verdict> first = kept.computeIfAbsent(kind, ignored -> new ArrayList<>());
                if (first.size() < MOST_KEPT) {
                    first.add(verdict);
                }
            }
        }
    }

    CheckedFile file() {
        return file;
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Tracts that cannot be read in full. */
    long unreadable() {
        return unreadable;
    }

    /** Tracts with a problem of each kind. */
    Map<ProblemKind, Long> counts() {
        return counts;
    }

    /** The first tracts with a problem of a kind. */
    List<Verdict> of(ProblemKind kind) {
        return kept.getOrDefault(kind, List.of());
    }
}
