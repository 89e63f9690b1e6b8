/** The Spark job that {@code bin/tractfs quickstart} runs; started by class path, called by nobody. */
@NullMarked
package io.tractfs.quickstart;

import org.jspecify.annotations.NullMarked;
