package io.tractfs.bench.faults;

/**
 * How much a fault run does. Immutable.
 *
 * @param servers data servers
 * @param killedBytes bytes that a data server holds when it is killed
 * @param files empty files that the server of names knows when it is restarted
 * @param waitSeconds how long to wait until a dead server is noticed; 0: do not wait for that at all
 * @param rounds how often the server of names is restarted
 * @param namesOnly whether that is all that is done
 */
record FaultPlan(int servers, long killedBytes, int files, long waitSeconds, int rounds, boolean namesOnly) {
    private static final int COPIES = 3;

    /** Bytes to write so that a server holds what it should. */
    long totalBytes() {
        return killedBytes * servers / COPIES;
    }
}
