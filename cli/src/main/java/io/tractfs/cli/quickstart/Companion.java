package io.tractfs.cli.quickstart;

import io.tractfs.cli.console.CommandFailure;

/** Something that goes on beside a job. Called by the command's thread. */
@FunctionalInterface
interface Companion {
    /** Beside which nothing goes on. */
    Companion NONE = log -> {};

    /**
     * Looks at what the job has logged so far; called several times a second while it runs. Must not block for long.
     *
     * @param log all of it
     */
    void look(String log) throws CommandFailure;
}
