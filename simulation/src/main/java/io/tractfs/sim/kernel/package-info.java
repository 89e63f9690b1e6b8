/**
 * What a simulated cluster runs on: one queue of events on virtual time, processes that can be killed and frozen, a
 * network with faults, and the trace. Knows nothing of tracts.
 */
@NullMarked
package io.tractfs.sim.kernel;

import org.jspecify.annotations.NullMarked;
