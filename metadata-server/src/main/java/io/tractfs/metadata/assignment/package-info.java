/**
 * The soft state of the leader: which stores live, who granted the epoch, what each store claims, the tract table and the
 * plans under way, as a pure core: {@link io.tractfs.metadata.assignment.AssignmentCore} is {@code step(event, now) →
 * effects}. Nothing here survives a leadership; it is rebuilt from floors, register and claims (P4, P12). Rules P1 to P17
 * of the protocol are kept here and named at the place that keeps them. Called by the server's assignment loop and by the
 * simulator; sees no socket, message format, log, database, thread, clock or random source.
 */
@NullMarked
package io.tractfs.metadata.assignment;

import org.jspecify.annotations.NullMarked;
