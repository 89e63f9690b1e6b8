package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.store.OpenTract.Stamp;
import io.tractfs.tract.store.TractCache.Entry;

/** What a tract says of generation, version and class after a change; nothing is ever lowered (I4). Pure functions. */
final class StampRules {
    private StampRules() {}

    /** The higher of each; the replication is the newer one, unless it was changed: no writer comes after that (P33). */
    static Stamp merged(OpenTract held, Stamp stamp) {
        Stamp now = held.unchanged();
        return new Stamp(
                now.generation().compareTo(stamp.generation()) > 0 ? now.generation() : stamp.generation(),
                now.version().isAfter(stamp.version()) ? now.version() : stamp.version(),
                now.change().number() > 0 ? now.replication() : stamp.replication(),
                Math.max(now.acknowledgedLength(), stamp.acknowledgedLength()),
                now.change());
    }

    /** What is taken over from a source where nothing is held. */
    static Stamp takenOver(TractState source) {
        return new Stamp(
                source.generation(),
                source.version(),
                source.replication(),
                source.acknowledgedLength(),
                source.change());
    }

    /** What is taken over from a source, merged with what is held. */
    static Stamp takenOver(Entry entry, TractState source) throws TractException {
        Stamp stamp = takenOver(source);
        if (entry.open == null) {
            return stamp;
        }
        checkSize(entry.open, source.tractSize());
        Stamp merged = merged(entry.open, stamp);
        ReplicationChange step = entry.open.unchanged().change();
        if (source.change().isAfter(step)) {
            return merged.withReplication(source.replication(), source.change());
        }
        int held = entry.open.unchanged().replication();
        boolean unchanged = step.equals(ReplicationChange.NONE);
        return merged.withReplication(unchanged ? Math.max(source.replication(), held) : held, step);
    }

    /** Refuses a generation below the one that is held. */
    static void checkFence(OpenTract held, Generation generation) throws TractException {
        Generation fence = held.unchanged().generation();
        if (generation.compareTo(fence) < 0) {
            throw new TractException(
                    ErrorCode.GENERATION_FENCED,
                    "tract " + held.file().header().tract() + ": generation " + generation + " is fenced by " + fence);
        }
    }

    /** Refuses a step of a change of the replication that a later one has followed (P33). */
    static void checkStep(OpenTract held, ReplicationChange step) throws TractException {
        ReplicationChange present = held.unchanged().change();
        if (present.isAfter(step)) {
            throw new TractException(
                    ErrorCode.STALE_ORDER,
                    "tract " + held.file().header().tract() + ": change " + step.number()
                            + " of the replication is over, the store has seen " + present.number());
        }
    }

    /** Refuses another size of the tract than the one that it was made with. */
    static void checkSize(OpenTract held, int tractSize) throws TractException {
        int size = held.file().header().tractSize();
        if (tractSize != size) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tract " + held.file().header().tract() + " has size " + size + ", not " + tractSize);
        }
    }
}
