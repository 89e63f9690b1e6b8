/**
 * A simulated tract server with one store: drives the real gate, rows and reconcile over storage in memory, with the
 * delays and the order of steps of the real server's drivers.
 */
@NullMarked
package io.tractfs.sim.store;

import org.jspecify.annotations.NullMarked;
