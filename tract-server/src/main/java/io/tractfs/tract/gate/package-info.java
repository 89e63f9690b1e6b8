/**
 * What a store lets in and what it promises the metadata server: {@link io.tractfs.tract.gate.StoreRows} is the store's
 * side of the membership protocol (P8 to P15, P29), {@link io.tractfs.tract.gate.VersionGate} decides on one request,
 * {@link io.tractfs.tract.gate.RowAdmission} keeps the promise about writes in flight (P9). Pure: no I/O, clock, thread
 * or random source. Used by the tract server and by the simulator.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.tract.gate;
