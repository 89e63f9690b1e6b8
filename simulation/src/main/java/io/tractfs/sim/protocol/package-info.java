/** What simulated processes say to each other: the messages of the wire protocol without their encoding. */
@NullMarked
package io.tractfs.sim.protocol;

import org.jspecify.annotations.NullMarked;
