/** What goes wrong in a run, drawn from its seed. */
@NullMarked
package io.tractfs.sim.fault;

import org.jspecify.annotations.NullMarked;
