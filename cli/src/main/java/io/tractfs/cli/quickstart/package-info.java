/** The jobs that {@code quickstart} runs one after the other, with their times. Used by its command. */
@NullMarked
package io.tractfs.cli.quickstart;

import org.jspecify.annotations.NullMarked;
