package io.tractfs.tract.reconcile;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a tract a store has to fetch: all that the source holds and it does not, or holds damaged (P25). What it holds
 * beyond the source stays (I4). Stretches begin at chunk edges, and end there or at the end of the tract; at most a piece
 * long. Pure functions.
 */
final class Comparison {
    private Comparison() {}

    /** What is wanted and sound at the source, ascending; one empty stretch if only generation or class differ. */
    static List<Stretch> missing(StoreRef source, TractState remote, Optional<TractState> local, int pieceBytes) {
        List<Span> wanted = wanted(remote, local);
        boolean complete = wanted.isEmpty();
        remote.damaged().forEach(bad -> subtract(wanted, bad));
        List<Stretch> stretches = cut(source, remote, wanted, pieceBytes);
        if (complete && differs(remote, local)) {
            stretches.add(new Stretch(source, remote, 0, 0));
        }
        return stretches;
    }

    /** What is wanted and damaged at the source. */
    static List<Stretch> damaged(StoreRef source, TractState remote, Optional<TractState> local, int pieceBytes) {
        List<Span> wanted = wanted(remote, local);
        List<Span> sound = new ArrayList<>(List.of(new Span(0, remote.length())));
        remote.damaged().forEach(bad -> subtract(sound, bad));
        sound.forEach(span -> subtract(wanted, span));
        return cut(source, remote, wanted, pieceBytes);
    }

    /**
     * Damage here beyond the end of a holder that is whole and sound, if nobody has recorded that bytes were acknowledged
     * there (P21): what was acknowledged would be at the holder too (C5). At most one.
     */
    static List<Stretch> beyondEnd(StoreRef source, TractState remote, Optional<TractState> local) {
        if (local.isEmpty() || !remote.damaged().isEmpty()) {
            return List.of();
        }
        TractState here = local.get();
        long start = (long) remote.tract().index() * remote.tractSize();
        long acknowledged = Math.max(here.acknowledgedLength(), remote.acknowledgedLength()) - start;
        boolean beyond = here.damaged().stream().anyMatch(bad -> bad.to() > remote.length());
        return beyond && acknowledged <= remote.length()
                ? List.of(new Stretch(source, remote, remote.length(), here.length()))
                : List.of();
    }

    private static List<Span> wanted(TractState remote, Optional<TractState> local) {
        List<Span> wanted = new ArrayList<>(List.of(new Span(0, remote.length())));
        local.ifPresent(here -> {
            List<Span> held = new ArrayList<>(List.of(new Span(0, here.length())));
            held.addAll(here.ranges());
            here.damaged().forEach(bad -> subtract(held, bad));
            held.forEach(span -> subtract(wanted, span));
        });
        wanted.removeIf(span -> span.from() == span.to());
        return wanted;
    }

    private static List<Stretch> cut(StoreRef source, TractState remote, List<Span> spans, int pieceBytes) {
        List<Stretch> stretches = new ArrayList<>();
        int next = 0;
        for (Span span : spans) {
            int from = Math.max(next, span.from() / ChunkChecksums.CHUNK_SIZE * ChunkChecksums.CHUNK_SIZE);
            int to = Math.min(remote.length(), ChunkChecksums.chunkCount(span.to()) * ChunkChecksums.CHUNK_SIZE);
            for (; from < to; from = next) {
                next = Math.min(to, from + pieceBytes);
                stretches.add(new Stretch(source, remote, from, next));
            }
        }
        return stretches;
    }

    private static boolean differs(TractState remote, Optional<TractState> local) {
        return local.isEmpty()
                || remote.generation().compareTo(local.get().generation()) > 0
                || remote.acknowledgedLength() > local.get().acknowledgedLength()
                || remote.change().isAfter(local.get().change())
                || (remote.change().equals(local.get().change())
                        && remote.replication() > local.get().replication());
    }

    /** Takes a span away from ascending, disjoint ones. */
    private static void subtract(List<Span> spans, Span taken) {
        List<Span> rest = new ArrayList<>();
        for (Span span : spans) {
            if (taken.to() <= span.from() || taken.from() >= span.to()) {
                rest.add(span);
                continue;
            }
            if (span.from() < taken.from()) {
                rest.add(new Span(span.from(), taken.from()));
            }
            if (taken.to() < span.to()) {
                rest.add(new Span(taken.to(), span.to()));
            }
        }
        spans.clear();
        spans.addAll(rest);
    }
}
