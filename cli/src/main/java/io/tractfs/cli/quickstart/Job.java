package io.tractfs.cli.quickstart;

import java.util.List;

/**
 * A command that the launcher runs as one step. Immutable.
 *
 * @param name names its log
 * @param title for people
 * @param arguments of the launcher
 */
record Job(String name, String title, List<String> arguments) {
    /** Copies the list. */
    Job {
        arguments = List.copyOf(arguments);
    }
}
