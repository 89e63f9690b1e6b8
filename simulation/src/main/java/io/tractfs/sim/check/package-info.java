/**
 * What must be true, seen from outside by an observer that knows everything: which bytes were acknowledged, what is on
 * each disk, what was proposed and published. Every checker throws a {@link io.tractfs.sim.kernel.Violation}.
 */
@NullMarked
package io.tractfs.sim.check;

import org.jspecify.annotations.NullMarked;
