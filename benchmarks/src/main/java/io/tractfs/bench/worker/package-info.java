/** A process that runs workloads on one side, and the conductor's end of the line to it. */
@NullMarked
package io.tractfs.bench.worker;

import org.jspecify.annotations.NullMarked;
