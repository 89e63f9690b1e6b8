package io.tractfs.differential;

import java.util.Optional;

/** Where TractFS does something else on purpose; {@code docs/compatibility.md} lists them too. Immutable. */
enum Deviation {
    /**
     * A path below a file does not exist, to whoever asks for its status; HDFS denies access with "is not a directory",
     * which is neither the case nor what Hadoop's own contract tests ask for. What is answered from the status (whether a
     * file exists or is closed, where its blocks are) goes with it.
     */
    STATUS_BELOW_A_FILE(true);

    private static final String BELOW_A_FILE = "(is not a directory)";
    private static final String DENIED = "throws org.apache.hadoop.security.AccessControlException";
    private static final String MISSING = "throws java.io.FileNotFoundException";

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
        boolean asksForStatus = operation instanceof QueryOperation || operation instanceof TreeOperation.CreateEmpty;
        if (asksForStatus
                && hdfs.compared().equals(DENIED)
                && hdfs.note().contains(BELOW_A_FILE)
                && (tractFs.compared().equals(MISSING) || tractFs.compared().equals("false"))) {
            return Optional.of(STATUS_BELOW_A_FILE);
        }
        return Optional.empty();
    }
}
