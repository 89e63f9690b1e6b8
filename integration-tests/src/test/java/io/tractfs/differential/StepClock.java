package io.tractfs.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * Says of a time in which step it was taken. Two file systems cannot show the same modification times, but both have to
 * take them in the same steps. Steps are kept apart by a millisecond. Confined to the run's thread.
 */
final class StepClock {
    /** Times below this were set by operations, later ones taken from a clock. */
    static final long SET_BY_OPERATIONS = 1_000_000_000_000L;

    private final List<Long> starts = new ArrayList<>();

    /** Begins a step, in a millisecond of its own. */
    void begin() {
        long before = System.currentTimeMillis();
        while (System.currentTimeMillis() == before) {
            Thread.onSpinWait();
        }
        starts.add(System.currentTimeMillis());
    }

    /** The step of a time, or the time where an operation set it. */
    String describe(long timeMs) {
        if (timeMs < SET_BY_OPERATIONS) {
            return Long.toString(timeMs);
        }
        int step = starts.size();
        while (step > 0 && starts.get(step - 1) > timeMs) {
            step--;
        }
        return "step " + (step - 1);
    }
}
