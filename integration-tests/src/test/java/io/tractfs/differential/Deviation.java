package io.tractfs.differential;

import java.util.Optional;
import org.apache.hadoop.fs.CreateFlag;

/** Where TractFS does something else on purpose; {@code docs/compatibility.md} lists them too. Immutable. */
enum Deviation {
    /**
     * A path below a file does not exist, to whoever asks for its status; HDFS denies access with "is not a directory",
     * which is neither the case nor what Hadoop's own contract tests ask for. What is answered from the status (whether a
     * file exists or is closed, where its blocks are, what a pattern matches) goes with it, and so does what HDFS's client
     * asks the status first for: creating where nothing exists, and appending through {@code FileContext}.
     */
    STATUS_BELOW_A_FILE(true);

    private static final String BELOW_A_FILE = "(is not a directory)";
    private static final String DENIED = "throws org.apache.hadoop.security.AccessControlException";

    private final boolean sameState;

    Deviation(boolean sameState) {
        this.sameState = sameState;
    }

    /** Whether both file systems are in the same state after it, so that the run may go on. */
    boolean leavesSameState() {
        return sameState;
    }

    /** What explains a difference, if something does. */
    static Optional<Deviation> of(Operation operation, Outcome tractFs, Outcome hdfs) {
        boolean below = isAppending(operation)
                ? isDeniedBelowFile(tractFs) && !isDeniedBelowFile(hdfs)
                : asksForStatus(operation) && isDeniedBelowFile(hdfs) && !isDeniedBelowFile(tractFs);
        return below ? Optional.of(STATUS_BELOW_A_FILE) : Optional.empty();
    }

    private static boolean isAppending(Operation operation) {
        return operation instanceof StreamOperation.Create create
                && create.flags().contains(CreateFlag.APPEND);
    }

    private static boolean asksForStatus(Operation operation) {
        return operation instanceof QueryOperation || operation instanceof TreeOperation.CreateEmpty;
    }

    private static boolean isDeniedBelowFile(Outcome outcome) {
        return outcome.compared().equals(DENIED) && outcome.note().contains(BELOW_A_FILE);
    }
}
