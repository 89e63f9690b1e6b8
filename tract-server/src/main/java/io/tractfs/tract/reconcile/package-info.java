/**
 * Brings a row of a store up to date from the members that hold it: {@link io.tractfs.tract.reconcile.ReconcilePlan}
 * says from whom, {@link io.tractfs.tract.reconcile.ReconcileSession} what to do next, {@link
 * io.tractfs.tract.reconcile.ReconcileQueue} which row first. Pure: no I/O, clock, thread or random source; the tract
 * server and the simulator drive the same classes.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.tract.reconcile;
