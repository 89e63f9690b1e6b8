package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.List;

/** One round of a workload: for each stage a step per thread, and what comes after. Not thread-safe. */
public interface Round {
    /** The steps of a stage, by its index in the family; asked for right before the stage runs. Not measured. */
    List<Step> steps(int stage) throws IOException;

    /** Checks what the round wrote and removes it. Not measured. */
    void finish() throws IOException;
}
