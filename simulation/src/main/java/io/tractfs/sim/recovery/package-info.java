/**
 * How long a recovery takes on a cluster that nobody has here: the real planner and the real order of reconcile over a
 * model of disks and network cards that knows bandwidths only. The model is calibrated by FDS's published measurements.
 */
@NullMarked
package io.tractfs.sim.recovery;

import org.jspecify.annotations.NullMarked;
