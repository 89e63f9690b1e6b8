package io.tractfs.cli.console;

import java.util.function.UnaryOperator;

/** Asks again and again until nothing is left to wait for, and shows what is. Confined to the command's thread. */
public final class Patience {
    private static final long POLL_MS = 200;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Patience() {}

    /** Asks how far it has come. */
    @FunctionalInterface
    public interface Question {
        /** What is left, as the user reads it; empty if nothing is. */
        String left() throws CommandFailure;
    }

    /**
     * Returns when nothing is left.
     *
     * @param timeoutS seconds until it gives up, 0 to 2^31 - 1
     * @param tooLate turns what is left by then into the message of the failure
     */
    public static void await(Question question, int timeoutS, UnaryOperator<String> tooLate)
            throws CommandFailure, InterruptedException {
        Progress progress = Progress.standard();
        long begun = System.nanoTime();
        for (String left = question.left(); !left.isEmpty(); left = question.left()) {
            progress.now(left);
            if (System.nanoTime() - begun > timeoutS * NANOS_PER_SECOND) {
                throw new CommandFailure(tooLate.apply(left));
            }
            Thread.sleep(POLL_MS);
        }
        progress.clear();
    }
}
