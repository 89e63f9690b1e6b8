/** The two sides as processes: started, stopped, and how a client reaches them. */
@NullMarked
package io.tractfs.bench.cluster;

import org.jspecify.annotations.NullMarked;
