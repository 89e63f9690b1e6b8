package io.tractfs.cli.fsck;

import io.tractfs.wire.proto.InspectedTract;
import java.util.ArrayList;
import java.util.List;

/**
 * What a store said about its copy of a tract. Immutable.
 *
 * @param failure why it said nothing; empty if it did
 * @param present whether it has anything
 * @param length bytes that it holds
 * @param stored bytes that its file has
 * @param damaged ranges that do not verify
 */
record CopyAnswer(String failure, boolean present, int length, int stored, List<Range> damaged) {
    /** Copies the list. */
    CopyAnswer {
        damaged = List.copyOf(damaged);
    }

    /** Bytes from one position to the one before another. Immutable. */
    record Range(int from, int to) {}

    /** A store that does not answer. */
    static CopyAnswer silent(String reason) {
        return new CopyAnswer(reason.isEmpty() ? "no answer" : reason, false, 0, 0, List.of());
    }

    /** A store that has nothing. */
    static CopyAnswer absent() {
        return new CopyAnswer("", false, 0, 0, List.of());
    }

    static CopyAnswer of(InspectedTract message) {
        if (!message.getPresent()) {
            return absent();
        }
        List<Range> damaged = new ArrayList<>();
        List<Integer> ends = message.getEntry().getDamagedList();
        for (int i = 0; i + 1 < ends.size(); i += 2) {
            damaged.add(new Range(ends.get(i), ends.get(i + 1)));
        }
        return new CopyAnswer("", true, message.getEntry().getLength(), message.getStored(), damaged);
    }

    boolean isSilent() {
        return !failure.isEmpty();
    }

    /** Bytes that it can give from the beginning on, damage left out of account. */
    int reach() {
        return present ? Math.min(length, stored) : 0;
    }

    /** The first damaged byte before an end; -1 if there is none. */
    int damagedBefore(int end) {
        for (Range range : damaged) {
            if (range.from() < end && range.to() > range.from()) {
                return range.from();
            }
        }
        return -1;
    }
}
