/**
 * The command line: one class per subcommand, below {@link io.tractfs.cli.TractFsCommand}. What they work with is in
 * the packages {@code cluster}, {@code admin} and {@code quickstart}. Text for people goes to standard output, progress
 * and problems to standard error; the exit status is 0, 1 for a failure, 2 for wrong usage.
 */
@NullMarked
package io.tractfs.cli;

import org.jspecify.annotations.NullMarked;
