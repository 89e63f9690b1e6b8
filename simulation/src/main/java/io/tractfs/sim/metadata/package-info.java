/**
 * Simulated metadata servers: a replicated log in memory whose leadership moves at any time, and a driver that carries
 * the real assignment core's effects out. The namespace is the least that writers need.
 */
@NullMarked
package io.tractfs.sim.metadata;

import org.jspecify.annotations.NullMarked;
