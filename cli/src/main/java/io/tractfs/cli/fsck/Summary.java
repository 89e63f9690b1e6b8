package io.tractfs.cli.fsck;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a check counted. Not thread-safe. */
final class Summary {
    long directories;
    long files;
    long openFiles;
    long bytes;
    long segments;
    long tracts;
    long expectedCopies;
    long goodCopies;
    long soundTracts;
    long unreadableTracts;
    long unreadableBytes;
    long underReplicatedTracts;
    long filesWithProblems;
    long unreadableFiles;
    long repairedTracts;

    /** Tracts of which a store mended its copy by itself, while the check went on. */
    long healedTracts;

    long orphanedTracts;
    long removedOrphans;
    /** Tracts on stores behind the ends of files; they hold space, but nothing is wrong. */
    long behindEnds;

    /** Those whose space was freed. */
    long freed;

    long surplusCopies;
    long pendingGarbage;
    boolean storesWereCompared;

    /** Stores whose tracts were not looked through: they did not answer. */
    final List<String> storesNotCompared = new ArrayList<>();

    /** Tracts that have a problem of each kind. */
    final Map<ProblemKind, Long> problems = new EnumMap<>(ProblemKind.class);

    void count(Verdict verdict) {
        tracts++;
        expectedCopies += verdict.expected();
        goodCopies += verdict.good();
        soundTracts += verdict.isSound() ? 1 : 0;
        if (!verdict.readable()) {
            unreadableTracts++;
            unreadableBytes += verdict.tract().needed();
        }
        if (verdict.good() < verdict.expected()) {
            underReplicatedTracts++;
        }
        for (ProblemKind kind : ProblemKind.values()) {
            if (verdict.has(kind)) {
                problems.merge(kind, 1L, Long::sum);
            }
        }
    }

    long of(ProblemKind kind) {
        return problems.getOrDefault(kind, 0L);
    }

    /** Whether nothing at all was found. */
    boolean isHealthy() {
        return filesWithProblems == 0 && orphanedTracts == removedOrphans;
    }

    /** {@code HEALTHY}; {@code CORRUPT} if there are bytes that nobody can read; else {@code DEGRADED}. */
    String status() {
        return isHealthy() ? "HEALTHY" : unreadableTracts > 0 ? "CORRUPT" : "DEGRADED";
    }
}
