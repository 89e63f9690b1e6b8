/**
 * Placement: pure functions from (rows, live stores with space and failure domain) to rows with new members. Main types:
 * {@link io.tractfs.metadata.planning.PlacementPlanner} (first placement, replacement, return, refill) and {@link
 * io.tractfs.metadata.planning.GrowthPlanner} (a fair share for stores that joined). Called by the assignment core; sees
 * no socket, thread, clock or random source: the same input gives the same plan.
 */
@NullMarked
package io.tractfs.metadata.planning;

import org.jspecify.annotations.NullMarked;
