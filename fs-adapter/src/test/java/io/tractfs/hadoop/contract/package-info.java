/** Hadoop's contract tests, gathered so that they run on a cluster in memory and on one of processes. */
@NullMarked
package io.tractfs.hadoop.contract;

import org.jspecify.annotations.NullMarked;
