/**
 * Simulated clients: writers that drive the real write core over the simulated network, and readers that check every
 * byte they are given.
 */
@NullMarked
package io.tractfs.sim.client;

import org.jspecify.annotations.NullMarked;
